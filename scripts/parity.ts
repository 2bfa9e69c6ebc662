import { spawnSync } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sideBySide } from "#cli/self-test/side-by-side.ts";
import { startCluster } from "#embedded/index.ts";
import { compareTraces } from "#test/parity/compare-traces.ts";
import { describeDifference } from "#test/parity/difference.ts";
import {
  type GoldenCase,
  loadGoldenCases,
  type NodePlan,
  nodePlan,
  TRACE_FILE,
} from "#test/parity/golden-case.ts";
import { type Replay, replayCase } from "#test/parity/replay-case.ts";
import { taintNodes } from "#test/parity/taint-nodes.ts";

/**
 * Replays golden cases and compares what a client sees:
 *
 *   npm run parity -- --golden DIR [--case NAME]… [--kubeconfig FILE] [--record DIR] [--jobs N]
 *
 * Each case gets an embedded cluster of its own, with as many nodes as it was recorded on; with a
 * kubeconfig, all run on that cluster. One line a case, each difference below it; the exit code is 0
 * only when every case is equal. `--record` keeps each case with the trace of this run, in the format of
 * the golden ones; a case without a trace, only a setup and an action, is recorded and compared with nothing.
 * `--jobs` of them run side by side; one at a time unless given, since they are compared in time too.
 */
const USAGE =
  "usage: npm run parity -- --golden DIR [--case NAME]… [--kubeconfig FILE] [--record DIR] [--jobs N]\n";
const { values } = parseArgs({
  options: {
    golden: { type: "string" },
    case: { type: "string", multiple: true, default: [] },
    kubeconfig: { type: "string" },
    record: { type: "string" },
    jobs: { type: "string", default: "1" },
  },
});

/** Where a case that nobody has recorded yet runs without a kubeconfig. */
const ONE_NODE: NodePlan = { count: 1, taints: [] };

if (values.golden === undefined || !/^[1-9]\d*$/.test(values.jobs)) {
  process.stderr.write(USAGE);
  process.exitCode = 64;
} else if (spawnSync("kubectl", ["version", "--client"]).status !== 0) {
  process.stderr.write("kubectl is not on the PATH, and every case acts through it: install it.\n");
  process.exitCode = 3;
} else {
  const cases = await loadGoldenCases(values.golden, values.case);
  let equal = 0;
  await sideBySide(Number(values.jobs), cases, async (golden) => {
    if (await isEqual(golden)) equal++;
  });
  process.stdout.write(`${equal} of ${cases.length} cases equal\n`);
  process.exitCode = equal === cases.length ? 0 : 1;
}

/** Replays one case and prints its line. */
async function isEqual(golden: GoldenCase): Promise<boolean> {
  const startedMs = performance.now();
  try {
    if (golden.trace === undefined && values.record === undefined) {
      throw new Error(`${golden.folder} has no ${TRACE_FILE}: record one with --record DIR.`);
    }
    const { trace, text } = await replay(golden);
    if (values.record !== undefined) await keep(values.record, golden, text);
    if (golden.trace === undefined) {
      process.stdout.write(`${golden.name.padEnd(36)} recorded, ${secondsSince(startedMs)}\n`);
      return true;
    }
    const differences = compareTraces(golden.trace, trace);
    const result = differences.length === 0 ? "equal" : `${differences.length} differences`;
    process.stdout.write(`${golden.name.padEnd(36)} ${result}, ${secondsSince(startedMs)}\n`);
    for (const found of differences) process.stdout.write(`${describeDifference(found)}\n`);
    return differences.length === 0;
  } catch (error) {
    process.stdout.write(`${golden.name.padEnd(36)} failed, ${secondsSince(startedMs)}\n`);
    process.stdout.write(`  ${error instanceof Error ? error.stack : String(error)}\n`);
    return false;
  }
}

async function replay(golden: GoldenCase): Promise<Replay> {
  if (values.kubeconfig !== undefined) {
    return replayCase(golden, await readFile(values.kubeconfig, "utf8"));
  }
  const plan = golden.trace === undefined ? ONE_NODE : nodePlan(golden.trace);
  const cluster = await startCluster({ nodes: plan.count });
  try {
    await taintNodes(cluster.kubeconfig, plan.taints);
    return await replayCase(golden, cluster.kubeconfig);
  } finally {
    await cluster.stop();
  }
}

async function keep(directory: string, { name, folder }: GoldenCase, text: string): Promise<void> {
  const copy = join(directory, name);
  if (copy !== folder) await cp(folder, copy, { recursive: true });
  await writeFile(join(copy, TRACE_FILE), text);
}

function secondsSince(startedMs: number): string {
  return `${((performance.now() - startedMs) / 1_000).toFixed(1)} s`;
}
