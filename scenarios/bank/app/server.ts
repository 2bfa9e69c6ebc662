import { openBank } from "./bank.ts";
import { startMailer } from "./mailer.ts";
import { serveBank } from "./serve.ts";

const bank = openBank(process.env["DATA_DIR"] ?? "/data");
await serveBank(bank, startMailer(bank));
