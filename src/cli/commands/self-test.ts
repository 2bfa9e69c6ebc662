import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Command, Streams } from "#cli/command.ts";
import { interruptible } from "#cli/interruptible.ts";
import { type Catch, chooseCatches, loadCatches, missingFor } from "#cli/self-test/catches.ts";
import {
  describeOutcome,
  describeOutcomes,
  isTrustworthy,
} from "#cli/self-test/describe-outcome.ts";
import { runCatch } from "#cli/self-test/run-catch.ts";
import { runCatches } from "#cli/self-test/run-catches.ts";
import { UsageError } from "#domain/errors.ts";
import { EXIT_CODE } from "#domain/verdict.ts";

/** A run mostly waits: on average it keeps half a processor busy. */
const MOST_JOBS = 2;

/** The harness judged by what it says of workloads whose answer is known. */
export const selfTestCommand: Command = {
  usage: `lastcall self-test [--only NAME]... [--quick] [--jobs N] [--repeat N] [--list]

Runs workloads with one known fault each, and healthy ones of different make, on embedded clusters. Each fault
must be caught for its own reason and with the right advice; each healthy workload must pass.
docs/self-test.md describes them.

      --only NAME   only this one; may be repeated
      --quick       only the few that every change is tried on
      --jobs N      how many run side by side; default: ${MOST_JOBS}, on a single processor 1
      --repeat N    run each so often
      --list        name them and run nothing

Exit codes: 0 all caught and no false alarm, 1 a fault was missed or a healthy workload found fault with,
2 a run proved nothing, 64 wrong usage, 130 interrupted. What this machine lacks the program for is named.`,
  async run(args, streams) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: "string", multiple: true },
        quick: { type: "boolean" },
        jobs: { type: "string" },
        repeat: { type: "string" },
        list: { type: "boolean" },
      },
    });
    const { only = [], quick = false } = values;
    const chosen = chooseCatches(await loadCatches(), { only, quick });
    if (values.list === true) {
      for (const one of chosen) streams.out.write(`${describeCatch(one)}\n`);
      return EXIT_CODE.pass;
    }
    const jobs = readCount("jobs", values.jobs) ?? defaultJobs();
    const repeat = readCount("repeat", values.repeat) ?? 1;
    return await interruptible(streams, (signal) =>
      tryAll(chosen, { jobs, repeat, signal }, streams),
    );
  },
};

function describeCatch({ name, expectation }: Catch): string {
  return `${name.padEnd(28)}${expectation.about}`;
}

function defaultJobs(): number {
  return Math.min(MOST_JOBS, availableParallelism());
}

function readCount(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new UsageError("BAD_USAGE", `--${option} is ${JSON.stringify(text)}.`, {
    hint: "Give a whole number above 0.",
  });
}

interface Trial {
  readonly jobs: number;
  readonly repeat: number;
  readonly signal: AbortSignal;
}

async function tryAll(
  chosen: readonly Catch[],
  { jobs, repeat, signal }: Trial,
  { out, err }: Streams,
): Promise<number> {
  const lacking = chosen.filter((one) => missingFor(one) !== undefined);
  for (const one of lacking) err.write(`Not run: ${one.name} needs ${missingFor(one)}.\n`);
  const able = chosen.filter((one) => !lacking.includes(one));
  const catches = Array.from({ length: repeat }, () => able).flat();
  const reportsDir = await mkdtemp(join(tmpdir(), "lastcall-self-test-"));
  const startedAtMs = performance.now();
  let keep = false;
  try {
    const outcomes = await runCatches(catches, {
      run: (one) => runCatch(one, { reportsDir, signal }),
      jobs,
      onOutcome: (outcome, { expectation }) =>
        out.write(`${describeOutcome(outcome, expectation.about)}\n`),
    });
    const seconds = (performance.now() - startedAtMs) / 1000;
    const notRun = lacking.map(({ name }) => name);
    out.write(`\n${describeOutcomes(outcomes, { seconds, notRun })}\n`);
    keep = !isTrustworthy(outcomes);
    if (outcomes.some(({ type }) => type === "missed" || type === "false-alarm"))
      return EXIT_CODE.fail;
    return keep ? EXIT_CODE.inconclusive : EXIT_CODE.pass;
  } finally {
    if (!keep) await rm(reportsDir, { recursive: true });
  }
}
