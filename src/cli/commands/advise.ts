import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { applicableAdvice, describeHeldBack } from "#cli/advise/applicable.ts";
import { writeKustomization } from "#cli/advise/write-kustomization.ts";
import type { Command, Streams } from "#cli/command.ts";
import { interruptible } from "#cli/interruptible.ts";
import { patchManifest } from "#cli/manifest/patch-manifest.ts";
import { parsePromise } from "#cli/parse-promise.ts";
import { parseRepeat } from "#cli/parse-repeat.ts";
import { proveAdvice } from "#cli/prove/prove-advice.ts";
import { UsageError } from "#domain/errors.ts";
import type { Report } from "#domain/report.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { describeAllAdvice, readReport } from "#recorded-runs.ts";

/** Prints, applies or proves what a recorded run suggests. */
export const adviseCommand: Command = {
  usage: `lastcall advise RUN [--apply-to FILE [--write]] [--threshold "METRIC OPERATOR VALUE"]...
lastcall advise RUN --format kustomize
lastcall advise RUN --prove [--apply-to FILE [--write]] [--cluster CHOICE] [--repeat N] [--scenario PATH]

Reads the history in the folder RUN and prints every cause that left traces in it, the reason first, each with
the numbers behind it, how sure it is, and a patch where a setting fixes it. docs/advice.md lists the causes.

      --apply-to FILE    print the manifest FILE with the patches applied to the workload of the run; what was
                         changed and what could not be goes to the error stream
      --write            write FILE instead of printing it
      --format kustomize print the patches as a kustomize component instead
      --also-possible    also what is no more than possible, such as all advice of a run that proves nothing
  -t, --threshold TEXT   judge by this promise instead of those that were asked when it ran; may be repeated

      --prove            do the run again with the patches in the workload, in memory only, and compare: what
                         was broken must be kept now. FILE is touched only when that is proven
      --cluster CHOICE   where to: embedded (default) or context:NAME, where the workload stays as it was proven
      --repeat N         up to N times, until all runs together are certain; default: 1
      --scenario PATH    the run's scenario, when it is no longer where it was

Exit codes: 0 the advice was given, whatever it says; 3 the run could not be read or made; 64 wrong usage.
With --prove: 0 proven, 1 not proven, 2 inconclusive, 130 interrupted.`,
  async run(args, streams) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "apply-to": { type: "string" },
        write: { type: "boolean" },
        format: { type: "string" },
        "also-possible": { type: "boolean" },
        threshold: { type: "string", short: "t", multiple: true },
        prove: { type: "boolean" },
        cluster: { type: "string" },
        repeat: { type: "string" },
        scenario: { type: "string" },
      },
    });
    const [directory, ...others] = positionals;
    const { "apply-to": file, write = false, prove = false, cluster, repeat, scenario } = values;
    if (directory === undefined || others.length > 0) {
      throw new UsageError("BAD_USAGE", "advise takes the folder of one run.", {
        hint: "For example: lastcall advise reports/2026-11-24T10-00-00Z-shop",
      });
    }
    if (write && file === undefined) {
      throw new UsageError("BAD_USAGE", "--write needs a file to write.", {
        hint: "Name it: --apply-to workload.yaml --write",
      });
    }
    const { format, "also-possible": alsoPossible = false } = values;
    if (format !== undefined) requireFormat(format, { prove, file });
    if (!prove && [cluster, repeat, scenario].some((option) => option !== undefined)) {
      throw new UsageError("BAD_USAGE", "--cluster, --repeat and --scenario say how to prove.", {
        hint: "Add --prove, or leave them out: nothing is run without it.",
      });
    }
    const report = await readReport(directory, values.threshold?.map(parsePromise));
    const applying =
      file === undefined ? undefined : { file, report, write, alsoPossible, streams };
    if (prove) {
      const proof = { directory, report, cluster, repeat: parseRepeat(repeat), scenario };
      return await proveAndApply(proof, applying, streams);
    }
    if (format !== undefined) printKustomization({ report, alsoPossible, streams });
    else if (applying === undefined) streams.out.write(`${describeAllAdvice(report)}\n`);
    else await applyPatches(applying);
    return EXIT_CODE.pass;
  },
};

function requireFormat(
  format: string,
  { prove, file }: { readonly prove: boolean; readonly file: string | undefined },
): void {
  if (format !== "kustomize") {
    throw new UsageError("BAD_FORMAT", `--format ${format} is not known.`, {
      hint: "There is kustomize; without the option the advice is text with strategic merge patches.",
    });
  }
  if (!prove && file === undefined) return;
  throw new UsageError("BAD_USAGE", "--format prints the patches; it proves and applies nothing.", {
    hint: "Leave --prove and --apply-to out, or --format.",
  });
}

/** Whatever is no part of the file goes to the error stream. */
function printKustomization({ report, alsoPossible, streams }: Omit<Applying, "file" | "write">) {
  const applicable = applicableAdvice(report, { alsoPossible });
  streams.err.write(describeHeldBack(applicable));
  if (applicable.applied.length === 0) streams.err.write(NO_SETTING);
  else streams.out.write(writeKustomization(report.header.workload, applicable.applied));
}

interface Proving {
  readonly directory: string;
  readonly report: Report;
  readonly cluster: string | undefined;
  readonly repeat: number | undefined;
  readonly scenario: string | undefined;
}

/** With a manifest to print, everything else goes to the error stream. */
async function proveAndApply(
  { cluster = "embedded", repeat = 1, scenario, ...proving }: Proving,
  applying: Applying | undefined,
  streams: Streams,
): Promise<number> {
  const output = applying === undefined ? streams.out : streams.err;
  if (applying !== undefined) await patchFile({ ...applying, alsoPossible: true }); // what is wrong with it is said before the run
  return await interruptible(streams, async (signal) => {
    const where = scenario === undefined ? {} : { scenario };
    const verdict = await proveAdvice({ ...proving, ...where, cluster, repeat, output, signal });
    if (applying === undefined) return EXIT_CODE[verdict];
    if (verdict === "pass")
      await applyPatches({ ...applying, alsoPossible: true }); // it is proven now
    else output.write(`${applying.file} stays as it is: only what is proven is applied.\n`);
    return EXIT_CODE[verdict];
  });
}

interface Applying {
  readonly file: string;
  readonly report: Report;
  readonly write: boolean;
  readonly alsoPossible: boolean;
  readonly streams: Streams;
}

async function applyPatches(applying: Applying): Promise<void> {
  const { file, write, streams } = applying;
  const { text, applicable, complaints } = await patchFile(applying);
  const { applied, heldBack } = applicable;
  for (const [index, { cause, fix }] of applied.entries()) {
    const missing = complaints[index] ?? [];
    const done = missing.length === 0 ? "Applied" : "Not applied, or only in part,";
    streams.err.write(`${done} ${cause}: ${[...missing, fix].join(" ")}\n`);
  }
  streams.err.write(describeHeldBack(applicable));
  if (applied.length + heldBack.length === 0) streams.err.write(NO_SETTING);
  if (!write) streams.out.write(text);
  else if (applied.length > 0) await writeFile(file, text);
}

const NO_SETTING = "No advice of this run is a setting: the manifest stays as it is.\n";

async function patchFile({ file, report, alsoPossible }: Applying) {
  const { workload } = report.header;
  const applicable = applicableAdvice(report, { alsoPossible });
  const patches = applicable.applied.map(({ patch }) => patch);
  return { applicable, ...patchManifest(await readManifest(file), { file, workload, patches }) };
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
