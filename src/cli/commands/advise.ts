import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Command, Streams } from "#cli/command.ts";
import { patchManifest } from "#cli/manifest/patch-manifest.ts";
import { parsePromise } from "#cli/parse-promise.ts";
import { UsageError } from "#domain/errors.ts";
import type { Report } from "#domain/report.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { describeAllAdvice, readReport } from "#harness.ts";

/** Prints or applies what a recorded run suggests; its exit code says nothing about the verdict. */
export const adviseCommand: Command = {
  name: "advise",
  summary: "Say why a recorded run lost something, and what to change",
  usage: `lastcall advise RUN [--apply-to FILE [--write]] [--threshold "METRIC OPERATOR VALUE"]...

Reads the history in the folder RUN and prints every cause that left traces in it, the reason first, each with
the numbers behind it, how sure it is, and a patch where a setting fixes it. docs/advice.md lists the causes.

      --apply-to FILE    print the manifest FILE with the patches applied to the workload of the run; what was
                         changed and what could not be goes to the error stream
      --write            write FILE instead of printing it
  -t, --threshold TEXT   judge by this promise instead of those that were asked when it ran; may be repeated

Exit codes: 0 the advice was given, whatever it says, 3 the run could not be read, 64 wrong usage.`,
  async run(args, streams) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "apply-to": { type: "string" },
        write: { type: "boolean" },
        threshold: { type: "string", short: "t", multiple: true },
      },
    });
    const [directory, ...others] = positionals;
    const file = values["apply-to"];
    if (directory === undefined || others.length > 0) {
      throw new UsageError("BAD_USAGE", "advise takes the folder of one run.", {
        hint: "For example: lastcall advise reports/2026-11-24T10-00-00Z-shop",
      });
    }
    if (values.write === true && file === undefined) {
      throw new UsageError("BAD_USAGE", "--write needs a file to write.", {
        hint: "Name it: --apply-to workload.yaml --write",
      });
    }
    const report = await readReport(directory, values.threshold?.map(parsePromise));
    if (file === undefined) streams.out.write(`${describeAllAdvice(report)}\n`);
    else await applyTo(file, { report, write: values.write === true, streams });
    return EXIT_CODE.pass;
  },
};

interface Applying {
  readonly report: Report;
  readonly write: boolean;
  readonly streams: Streams;
}

async function applyTo(file: string, { report, write, streams }: Applying): Promise<void> {
  const { out, err } = streams;
  const { workload } = report.header;
  const advice = report.advice.filter(({ patch }) => patch !== undefined);
  const patches = advice.flatMap(({ patch }) => patch ?? []);
  const { text, complaints } = patchManifest(await readManifest(file), { file, workload, patches });
  for (const [index, { cause, fix }] of advice.entries()) {
    const missing = complaints[index] ?? [];
    const done = missing.length === 0 ? "Applied" : "Not applied, or only in part,";
    err.write(`${done} ${cause}: ${[...missing, fix].join(" ")}\n`);
  }
  if (advice.length === 0)
    err.write("No advice of this run is a setting: the manifest stays as it is.\n");
  if (!write) out.write(text);
  else if (advice.length > 0) await writeFile(file, text);
}

async function readManifest(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError("NO_MANIFEST", `The manifest ${file} could not be read.`, {
      hint: "Give the path of the YAML file that holds the workload of the run.",
      cause: error,
    });
  }
}
