import { parseArgs } from "node:util";
import type { Command } from "#cli/command.ts";
import { UsageError } from "#domain/errors.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { verifyRun } from "#recorded-runs.ts";

/** Whether a signed run is still the one that was signed. */
export const verifyCommand: Command = {
  usage: `lastcall verify RUN --key FILE

Checks the signature that the owner of the key left in the folder RUN, and every file of it.

  --key FILE   the signer's public key, PEM, which you have from them and not from the run

Exit codes: 0 unchanged since it was signed, 1 changed, 64 wrong usage or not signed with this key.`,
  async run(args, { out }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: { type: "string" } },
    });
    const [directory, ...others] = positionals;
    if (directory === undefined || others.length > 0 || values.key === undefined) {
      throw new UsageError("BAD_USAGE", "verify takes one run and a public key.", {
        hint: "For example: lastcall verify reports/2026-11-24T10-00-00Z-shop --key ann.pub.pem",
      });
    }
    const verification = await verifyRun(directory, values.key);
    if (verification.type === "broken") {
      const problems = verification.problems.map((problem) => `  ${problem}\n`).join("");
      out.write(`NOT what was signed:\n${problems}`);
      return EXIT_CODE.fail;
    }
    const { run, signer, decision, signedAt, verdict, comment, files } = verification.statement;
    const said = comment === "" ? "" : `\n  "${comment}"`;
    out.write(
      `Unchanged: ${Object.keys(files).length} files of ${run}, verdict ${verdict}.\n` +
        `  ${decision} by ${signer}, ${signedAt}${said}\n`,
    );
    return EXIT_CODE.pass;
  },
};
