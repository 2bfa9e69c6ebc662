import { parseArgs } from "node:util";
import type { Command } from "#cli/command.ts";
import { UsageError } from "#domain/errors.ts";
import type { Threshold } from "#domain/threshold.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { describeReport, readReport } from "#harness.ts";
import { parseThreshold } from "#scenario/parse-threshold.ts";

export const checkCommand: Command = {
  name: "check",
  summary: "Judge a recorded run again, without a cluster",
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

/** `request error rate <0.1%`: the promise begins at its operator or, without one, at its number. */
function parsePromise(text: string): Threshold {
  const split = /^(.*?)\s*([<>=≤≥＜＞＝].*|[\d.]+\s*\S*)$/u.exec(text.trim());
  const parsed = parseThreshold(split?.[1] ?? text, split?.[2] ?? "");
  if (parsed.type === "threshold") return parsed.threshold;
  throw new UsageError("BAD_THRESHOLD", `--threshold "${text}": ${parsed.problem}`, {
    hint: 'Write the metric and then the promise: --threshold "request error rate <0.1%".',
  });
}
