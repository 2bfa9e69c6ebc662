import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Command } from "#cli/command.ts";
import { UsageError } from "#domain/errors.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { compareRecorded, forgetRuns, indexRuns } from "#recorded-runs.ts";

/** What several runs say together: the list with its trends, or two of them side by side. */
export const reportCommand: Command = {
  usage: `lastcall report [--reports DIR] [--keep N]
lastcall report --compare BEFORE NOW [--html FILE]

Without --compare, brings index.html of the reports folder up to date: every run, its verdict, and the trend of
each metric. Every run does this by itself; say it after folders were copied or deleted.

  --reports DIR  default: reports
  --keep N       first deletes all but the last N runs; signed ones stay
  --compare      two runs, each the folder of a run or its result.json: what differs beyond chance, and what
                 differs in what their results rest on
  --html FILE    write the comparison as a page, too

Exit codes: 0 done, whatever it says, 64 wrong usage.`,
  async run(args, { out }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        reports: { type: "string", default: "reports" },
        compare: { type: "boolean" },
        html: { type: "string" },
        keep: { type: "string" },
      },
    });
    if (values.compare === true) {
      const { text, page } = await compareRecorded(...twoRuns(positionals));
      out.write(`${text}\n`);
      if (values.html !== undefined) await writeFile(values.html, page);
      return EXIT_CODE.pass;
    }
    if (positionals.length > 0 || values.html !== undefined) {
      throw new UsageError("BAD_USAGE", "Without --compare, report takes --reports and --keep.", {
        hint: "See lastcall help report.",
      });
    }
    if (statSync(values.reports, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new UsageError("NO_REPORTS", `There is no folder ${values.reports}.`, {
        hint: "Name the folder that runs write to: --reports DIR.",
      });
    }
    for (const folder of await forget(values.reports, values.keep)) {
      out.write(`Deleted: ${folder}\n`);
    }
    out.write(`${await indexRuns(values.reports)}\n`);
    return EXIT_CODE.pass;
  },
};

async function forget(reports: string, keep: string | undefined): Promise<readonly string[]> {
  if (keep === undefined) return [];
  if (/^[1-9]\d{0,5}$/.test(keep)) return await forgetRuns(reports, Number(keep));
  throw new UsageError("BAD_KEEP", `--keep ${keep} is not a number of runs.`, {
    hint: "Write how many runs stay: --keep 200.",
  });
}

function twoRuns(positionals: readonly string[]): [before: string, now: string] {
  const [before, now, ...others] = positionals;
  if (before !== undefined && now !== undefined && others.length === 0) return [before, now];
  throw new UsageError("BAD_USAGE", `--compare takes two runs, and got ${positionals.length}.`, {
    hint: "For example: lastcall report --compare reports/LAST_NIGHT reports/TONIGHT",
  });
}
