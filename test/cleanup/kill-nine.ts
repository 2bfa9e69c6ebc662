import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { startCluster } from "#embedded/index.ts";
import { IMAGES, manifests, startWorkbench } from "#test/disruptions/workbench.ts";
import { runCommandLine } from "#test/support/run-command-line.ts";
import { KILLED, type KilledRun } from "./kill-moments.ts";
import { snapshot, snapshotEqualTo } from "./snapshot.ts";

const REPLICAS = 3;
const { signal } = new AbortController();
const CHILD = fileURLToPath(new URL("run-to-kill.ts", import.meta.url));

/** So that the loss of a node is noticed within a kill's span. */
const NODE_MONITOR_GRACE_MS = 4_000;

/** What was left after a kill and a cleanup, against what was there before. */
export interface KillResult {
  /** How long after the moments began to count the harness was killed. */
  readonly killedAfterMs: number;
  /** What `lastcall cleanup` said. */
  readonly said: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** A cluster that outlives the harness, with workloads on it that are ready. */
export async function startTarget() {
  const folder = await mkdtemp(join(tmpdir(), "lastcall-kill-"));
  const cluster = await startCluster({
    images: IMAGES,
    dataPathDelayMs: 10,
    nodeMonitorGraceMs: NODE_MONITOR_GRACE_MS,
  });
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  const client = await connectCluster({ kubeconfig: cluster.kubeconfig, description: "target" });
  const env = { KUBECONFIG: kubeconfig, XDG_STATE_HOME: join(folder, "state") };
  // A run whose namespace is its own finds nothing there: it makes all of it.
  const standing = standingWorkloads();
  for (const workload of Object.values(KILLED).map((run) => run.workload)) {
    await writeScenario(folder, workload);
  }
  const benches = await Promise.all(
    standing.map((workload) => startWorkbench(client, workload, REPLICAS)),
  );
  let next = startHarness(env);
  return {
    client,
    /** Kills the harness so long after the moments began to count, cleans up, and compares. */
    async killAndCleanUp(run: KilledRun, afterMs: number): Promise<KillResult> {
      for (const bench of benches) await awaitSettled(bench);
      const before = await snapshot(client);
      const harness = next;
      next = startHarness(env); // it loads its code while this one is at work
      const killedAfterMs = await killOnce(harness, { folder, run, afterMs });
      const { stdout, stderr } = await runCommandLine(["cleanup"], { env });
      const after = await snapshotEqualTo(before, client);
      return { killedAfterMs, said: stdout + stderr, before, after };
    },
    async stop() {
      next.child.kill("SIGKILL");
      for (const bench of benches) await bench.stop();
      await client.stop();
      await cluster.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Those that are there before a run, one for each kind. */
function standingWorkloads(): readonly WorkloadRef[] {
  const disturbed = Object.values(KILLED).filter(({ from }) => from === "disrupting");
  return [...new Map(disturbed.map(({ workload }) => [workload.namespace, workload])).values()];
}

async function writeScenario(parent: string, workload: WorkloadRef): Promise<void> {
  const folder = join(parent, workload.namespace);
  await mkdir(folder, { recursive: true });
  const objects = manifests(workload, REPLICAS).map((object) => JSON.stringify(object));
  await writeFile(join(folder, "workload.yaml"), objects.join("\n---\n"));
  const scenario = {
    name: "kill",
    namespace: workload.namespace,
    manifests: "workload.yaml",
    load: [{ type: "fresh", rate: "5/s", path: "/" }],
    timing: { warmUp: "0ms", control: "0ms", recovery: "60s", deadline: "60s" },
  };
  await writeFile(join(folder, "scenario.yaml"), JSON.stringify(scenario));
}

/** The harness in a process of its own, which waits to be told what to do. */
interface Harness {
  readonly child: ChildProcess;
  readonly lines: Interface;
}

function startHarness(env: NodeJS.ProcessEnv): Harness {
  const child = spawn(process.execPath, ["--conditions=source", CHILD], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new TypeError("The child's output is a pipe.");
  return { child, lines: createInterface(child.stdout) };
}

interface Kill {
  readonly folder: string;
  readonly run: KilledRun;
  readonly afterMs: number;
}

async function killOnce(
  { child, lines }: Harness,
  { folder, run, afterMs }: Kill,
): Promise<number> {
  const gone = once(child, "exit");
  const { workload, disruptions, from } = run;
  const scenario = join(folder, workload.namespace);
  child.stdin?.write(
    `${JSON.stringify({ scenario, reports: join(folder, "reports"), disruptions })}\n`,
  );
  try {
    await untilSaid(lines, from);
    const beganAtMs = performance.now();
    await delay(afterMs);
    child.kill("SIGKILL");
    return performance.now() - beganAtMs;
  } finally {
    child.kill("SIGKILL");
    await gone;
  }
}

async function untilSaid(lines: Interface, word: string): Promise<void> {
  for await (const line of lines) if (line === word) return;
  throw new Error(`The run ended before it said "${word}".`);
}

async function awaitSettled({ observed }: Awaited<ReturnType<typeof startWorkbench>>) {
  const settled = await observed.until(
    ({ workload, pods }) => workload?.available === REPLICAS && pods.size === REPLICAS,
    60_000,
    signal,
  );
  if (!settled) throw new Error("The workload did not settle after the kill before.");
}
