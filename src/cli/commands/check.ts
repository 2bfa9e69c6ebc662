import { parseArgs } from "node:util";
import type { Command } from "#cli/command.ts";
import { parsePromise } from "#cli/parse-promise.ts";
import { UsageError } from "#domain/errors.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { describeReport, readReport } from "#recorded-runs.ts";

/** Judges a history on disk again; starts nothing and needs no cluster. */
export const checkCommand: Command = {
  usage: `lastcall check RUN [--threshold "METRIC OPERATOR VALUE"]...

Reads the history in the folder RUN and judges it again. Without --threshold it is judged by the promises
that were asked when it ran. Nothing is written.

  -t, --threshold TEXT   a promise, such as "request error rate <0.1%"; may be repeated`,
  async run(args, { out }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { threshold: { type: "string", short: "t", multiple: true } },
    });
    const [directory, ...others] = positionals;
    if (directory === undefined || others.length > 0) {
      throw new UsageError("BAD_USAGE", "check takes the folder of one run.", {
        hint: "For example: lastcall check reports/2026-11-24T10-00-00Z-shop",
      });
    }
    const report = await readReport(directory, values.threshold?.map(parsePromise));
    out.write(`${describeReport(report, { directory })}\n`);
    return EXIT_CODE[report.verdict];
  },
};
