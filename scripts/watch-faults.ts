import { parseArgs } from "node:util";
import { isVoid, trySeed } from "#test/clusters/try-seed.ts";
import { EXIT_CODE, type TrialResult } from "#test/clusters/watch-trial.ts";
import { startControlPlane } from "#test/embedded/control-plane.ts";

/*
 * Watches a changing workload through a network that fails, once for each seed, beside the truth. Exit code 1:
 * something was told wrongly, or missed without a gap; 2: the machine was too busy for some seeds to tell.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    "at-once": { type: "string", default: "4" },
    "troubled-ms": { type: "string", default: "40000" },
  },
});

/** So often nothing goes wrong, to see that no gap is told of then. */
const CALM_EVERY = 10;

const plane = await startControlPlane({
  ...{ nodes: ["node-1", "node-2"], startMs: 30, stopMs: 80, exitCode: EXIT_CODE },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, at) => Number(values.from) + at);
const results: TrialResult[] = [];

async function work(): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    const result = await tryOut(seed);
    results.push(result);
    process.stdout.write(`seed ${seed}: ${describe(result)}\n`);
    for (const problem of result.problems.slice(0, 8)) process.stdout.write(`  ${problem}\n`);
  }
}

function tryOut(seed: number): Promise<TrialResult> {
  const calm = seed % CALM_EVERY === 0;
  const troubledMs = Number(values["troubled-ms"]);
  return trySeed({ plane, seed, troubledMs, calm }, ({ lagMs }) =>
    process.stdout.write(`seed ${seed}: void, this process was late by ${lagMs.toFixed(0)} ms\n`),
  );
}

function describe({ faults, observations, terminations, gaps, blindMs, lagMs }: TrialResult) {
  return (
    `${faults.length} faults, ${observations} observations, ${terminations} terminations, ${gaps} gaps ` +
    `(${(blindMs / 1000).toFixed(1)} s), late by ${lagMs.toFixed(0)} ms`
  );
}

try {
  await Promise.all(Array.from({ length: Number(values["at-once"]) }, work));
} finally {
  await plane.stop();
}
const sum = (of: (result: TrialResult) => number) =>
  results.reduce((total, result) => total + of(result), 0);
const voids = results.filter(isVoid);
const bad = results.filter((result) => result.problems.length > 0 && !isVoid(result));
process.stdout.write(
  `${results.length} seeds, ${sum(({ faults }) => faults.length)} faults, ` +
    `${sum(({ observations }) => observations)} observations, ` +
    `${sum(({ terminations }) => terminations)} terminations, ${sum(({ gaps }) => gaps)} gaps: ` +
    `${bad.length} seeds with problems, ${voids.length} void\n`,
);
process.exitCode = bad.length > 0 ? 1 : voids.length > 0 ? 2 : 0;
