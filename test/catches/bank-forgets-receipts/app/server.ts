import { setTimeout as sleep } from "node:timers/promises";
import { type Bank, openBank } from "../../../../scenarios/bank/app/bank.ts";
import type { Mailer } from "../../../../scenarios/bank/app/mailer.ts";
import { serveBank } from "../../../../scenarios/bank/app/serve.ts";

/** Most of the time it has some in its hands. */
const MAILING_MS = 450;
const PAUSE_MS = 50;

const bank = openBank(process.env["DATA_DIR"] ?? "/data");
await serveBank(bank, startForgetfulMailer(bank));

/** It takes all receipts off the queue before they are mailed, and when it is told to stop it lets them fall. */
function startForgetfulMailer({ database }: Bank): Mailer {
  const takeAll = database.prepare("DELETE FROM receipts RETURNING key");
  const addMailed = database.prepare("INSERT INTO mailed VALUES (?)");
  let stopped = false;
  process.once("SIGTERM", () => {
    stopped = true;
  });
  void (async () => {
    while (!stopped) {
      const taken = takeAll.all();
      await sleep(MAILING_MS);
      if (stopped) return;
      for (const { key } of taken) addMailed.run(String(key));
      await sleep(PAUSE_MS);
    }
  })();
  return { stop: async () => {} };
}
