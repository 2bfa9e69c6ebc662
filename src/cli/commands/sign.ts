import { parseArgs } from "node:util";
import type { Command } from "#cli/command.ts";
import { UsageError } from "#domain/errors.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { signOff } from "#recorded-runs.ts";

/** A release manager's signature beside a run; the run itself is not changed. */
export const signCommand: Command = {
  usage: `lastcall sign RUN --key FILE --name NAME --decision approve|reject [--comment TEXT]

Writes a detached Ed25519 signature over all files of the folder RUN into it, with the name, the decision and the
date. lastcall verify checks it. Signing changes no file, and several people may sign.

  --key FILE       private key, PEM: openssl genpkey -algorithm ed25519 -out key.pem
  --name NAME      who signs
  --decision WORD  approve or reject
  --comment TEXT   why

Exit codes: 0 signed, 64 wrong usage.`,
  async run(args, { out }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        key: { type: "string" },
        name: { type: "string" },
        decision: { type: "string" },
        comment: { type: "string", default: "" },
      },
    });
    const [directory, ...others] = positionals;
    const { key, name, decision, comment } = values;
    if (directory === undefined || others.length > 0 || key === undefined || name === undefined) {
      throw new UsageError("BAD_USAGE", "sign takes one run, a key and the name of who signs.", {
        hint: 'For example: lastcall sign reports/2026-11-24T10-00-00Z-shop --key key.pem --name "Ann Lee" --decision approve',
      });
    }
    if (decision !== "approve" && decision !== "reject") {
      throw new UsageError("BAD_DECISION", `--decision ${decision ?? "is missing"}.`, {
        hint: "Write --decision approve or --decision reject.",
      });
    }
    const file = await signOff(directory, { key, signer: name, decision, comment });
    out.write(`Signed: ${file}\n`);
    return EXIT_CODE.pass;
  },
};
