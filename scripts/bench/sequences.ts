import { setTimeout as sleep } from "node:timers/promises";
import { asyncProperty, check } from "fast-check";
import { startControlPlane } from "#test/embedded/control-plane.ts";
import { SEQUENCES } from "#test/embedded/sequences/operations.ts";
import { startProcessCluster } from "#test/embedded/sequences/process-cluster.ts";
import { runSequence } from "#test/embedded/sequences/run-sequence.ts";

/*
 * Random sequences of API operations:
 *
 *   node --conditions=source scripts/bench/sequences.ts [RUNS] [SEED] [processes]
 *
 * against a control plane whose kubelets only pretend, or, with `processes`, with real ones: then no
 * process may outlive its pod either. A sequence that breaks an invariant is shrunk to the shortest one that
 * still does, and printed.
 */
const [runs = "1000", seed = String(Date.now() % 1_000_000), kind = "pretended"] =
  process.argv.slice(2);
const PATIENCE_MS = 10_000;

async function startCluster() {
  if (kind === "processes") return await startProcessCluster();
  const nodes = ["node-1", "node-2"];
  const cluster = await startControlPlane({ nodes, startMs: 1, stopMs: 2 });
  return { ...cluster, processes: () => 0 };
}

/** What a pod deleted by force leaves behind has its grace period; after that, nothing may be left. */
async function orphans(processes: () => number): Promise<readonly string[]> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (processes() > 0) {
    if (performance.now() > deadlineMs)
      return [`${processes()} processes have outlived their pods`];
    await sleep(20);
  }
  return [];
}

const cluster = await startCluster();
let performed = 0;
let sequences = 0;
const removals: Promise<readonly string[]>[] = [];
const startedMs = performance.now();
const property = asyncProperty(SEQUENCES, async (operations) => {
  sequences += 1;
  performed += operations.length;
  const { broken, left } = await runSequence(cluster.client, `sequence-${sequences}`, operations);
  if (kind === "processes") await left; // else those of all sequences would run at once
  const found = [...broken, ...(await orphans(cluster.processes))];
  removals.push(left);
  if (found.length > 0) throw new Error(found.join("\n"));
});
const outcome = await check(property, { numRuns: Number(runs), seed: Number(seed) });
const left = (await Promise.all(removals)).flat();
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
await cluster.stop();
const verdict = outcome.failed || left.length > 0 ? "BROKEN" : "every invariant held";
process.stdout.write(
  `${sequences} sequences, ${performed} operations, ${kind}, ${seconds} s, seed ${seed}: ${verdict}\n`,
);
for (const one of left) process.stdout.write(`${one}\n`);
for (const error of cluster.errors) process.stdout.write(`a controller failed: ${String(error)}\n`);
if (outcome.failed) {
  const [shortest] = outcome.counterexample ?? [];
  process.stdout.write(`${JSON.stringify(shortest)}\n${String(outcome.errorInstance)}\n`);
}
process.exitCode = outcome.failed || left.length + cluster.errors.length > 0 ? 1 : 0;
