import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import type { Disruption } from "#domain/disruption.ts";
import { startCluster } from "#embedded/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import { IMAGES, manifests, startWorkbench } from "#test/disruptions/workbench.ts";
import { runCommandLine } from "#test/support/run-command-line.ts";

/** The workload that is disturbed when the harness is killed. */
export const WORKLOAD = { kind: "Deployment", namespace: "shop-test", name: "web" } as const;

const REPLICAS = 3;
const { signal } = new AbortController();
const CHILD = fileURLToPath(new URL("run-to-kill.ts", import.meta.url));

/** What was left after a kill and a cleanup, against what was there before. */
export interface KillResult {
  /** How long after the disruption began the harness was killed. */
  readonly killedAfterMs: number;
  /** What `lastcall cleanup` said. */
  readonly said: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** A cluster that outlives the harness, with a workload on it that is ready. */
export async function startTarget() {
  const folder = await mkdtemp(join(tmpdir(), "lastcall-kill-"));
  const cluster = await startCluster({ images: IMAGES, dataPathDelayMs: 10 });
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  const client = await connectCluster({ kubeconfig: cluster.kubeconfig, description: "target" });
  const env = { KUBECONFIG: kubeconfig, XDG_STATE_HOME: join(folder, "state") };
  await writeScenario(join(folder, "scenario"));
  const bench = await startWorkbench(client, WORKLOAD, REPLICAS);
  return {
    client,
    /** Kills the harness so long after it began to disturb, cleans up, and compares. */
    async killAndCleanUp(disruptions: readonly Disruption[], afterMs: number): Promise<KillResult> {
      await awaitSettled(bench);
      const before = await snapshot(client);
      const killedAfterMs = await killOnce({ folder, env, disruptions, afterMs });
      const { stdout, stderr } = await runCommandLine(["cleanup"], { env });
      const after = await snapshotEqualTo(before, client);
      return { killedAfterMs, said: stdout + stderr, before, after };
    },
    async stop() {
      await bench.stop();
      await client.stop();
      await cluster.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function writeScenario(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const objects = manifests(WORKLOAD, REPLICAS).map((object) => JSON.stringify(object));
  await writeFile(join(folder, "workload.yaml"), objects.join("\n---\n"));
  const scenario = {
    name: "kill",
    namespace: WORKLOAD.namespace,
    manifests: "workload.yaml",
    load: [{ type: "fresh", rate: "5/s", path: "/" }],
    timing: { warmUp: "0ms", control: "0ms", recovery: "60s", deadline: "60s" },
  };
  await writeFile(join(folder, "scenario.yaml"), JSON.stringify(scenario));
}

interface Kill {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly disruptions: readonly Disruption[];
  readonly afterMs: number;
}

async function killOnce({ folder, env, disruptions, afterMs }: Kill): Promise<number> {
  const args = [join(folder, "scenario"), join(folder, "reports"), JSON.stringify(disruptions)];
  const child = spawn(process.execPath, ["--conditions=source", CHILD, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  try {
    await untilSaid(child, "disrupting");
    const beganAtMs = performance.now();
    await delay(afterMs);
    child.kill("SIGKILL");
    return performance.now() - beganAtMs;
  } finally {
    child.kill("SIGKILL");
    await gone;
  }
}

async function untilSaid(child: ChildProcess, word: string): Promise<void> {
  if (child.stdout === null) throw new TypeError("The child's output is a pipe.");
  for await (const line of createInterface(child.stdout)) if (line === word) return;
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

const KINDS = [
  ["v1", "Node"],
  ["v1", "Namespace"],
  ["v1", "Service"],
  ["v1", "ConfigMap"],
  ["apps/v1", "Deployment"],
  ["batch/v1", "Job"],
  ["policy/v1", "PodDisruptionBudget"],
] as const;

/** Every object, without what the server and the controllers count: versions, revisions, statuses. */
async function snapshot(client: Cluster): Promise<Readonly<Record<string, unknown>>> {
  const entries: [string, unknown][] = [];
  for (const [apiVersion, kind] of KINDS) {
    for (const { metadata, spec } of await client.listObjects({ apiVersion, kind }, signal)) {
      const { "deployment.kubernetes.io/revision": _, ...annotations } = metadata.annotations ?? {};
      const { labels = {}, namespace = "", name } = metadata;
      entries.push([`${kind} ${namespace}/${name}`, { labels, annotations, spec }]);
    }
  }
  const lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    namespace: WORKLOAD.namespace,
  };
  const leases = await client.listObjects(lease, signal);
  return { ...Object.fromEntries(entries), leases: leases.map(({ metadata }) => metadata.name) };
}

/** Controllers need a moment to follow, as with the taint of a node that is schedulable again. */
async function snapshotEqualTo(before: unknown, client: Cluster): Promise<unknown> {
  for (let tries = 0; ; tries += 1) {
    const after = await snapshot(client);
    if (tries === 50 || isDeepStrictEqual(after, before)) return after;
    await delay(100);
  }
}
