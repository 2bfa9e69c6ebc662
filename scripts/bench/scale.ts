import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ClusterMessage } from "./cluster-process.ts";
import { type PlainClient, plainClient } from "./plain-client.ts";
import { print } from "./print.ts";

/*
 * How far the embedded cluster goes: start and idling, many pods on many nodes, many watchers, many objects.
 * The cluster is a process of its own and its client plain HTTPS. Prints Markdown; `start`, `objects`,
 * `watchers` and `pods` measure one of them.
 */

type Usage = Extract<ClusterMessage, { type: "usage" }>;

interface Cluster {
  readonly client: PlainClient;
  readonly startMs: number;
  readonly pid: number;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

async function startCluster(nodes: number): Promise<Cluster> {
  const file = fileURLToPath(new URL("./cluster-process.ts", import.meta.url));
  const child = fork(file, [String(nodes)], { execArgv: ["--conditions=source"] });
  const started = await next(child, "started");
  const client = plainClient(started.kubeconfig);
  return {
    client,
    startMs: started.startMs,
    pid: child.pid ?? 0,
    async usage() {
      child.send("usage");
      return await next(child, "usage");
    },
    async stop() {
      client.close();
      child.disconnect();
      await once(child, "exit");
    },
  };
}

async function next<T extends ClusterMessage["type"]>(child: ChildProcess, type: T) {
  for (;;) {
    const [message] = (await once(child, "message")) as [ClusterMessage];
    if (message.type === type) return message as Extract<ClusterMessage, { type: T }>;
  }
}

const ms = (from: number) => `${Math.round(performance.now() - from).toLocaleString("en")} ms`;
const seconds = (from: number) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

/** Start to the first answer, and what it costs to do nothing. */
async function startAndIdle(): Promise<void> {
  const forkedMs = performance.now();
  const cluster = await startCluster(3);
  const answerMs = performance.now();
  await cluster.client.ask("/api/v1/nodes");
  const first = performance.now() - answerMs;
  const fromFork = ms(forkedMs);
  const atStart = await cluster.usage();
  const idleMs = 15_000;
  await sleep(3_000);
  const before = await cluster.usage();
  await sleep(idleMs);
  const after = await cluster.usage();
  const share = ((after.cpuMs - before.cpuMs) / idleMs) * 100;
  print(
    `| start to the first answer over HTTPS, 3 nodes | ${Math.round(cluster.startMs + first)} ms |`,
    `| the same from the start of its process | ${fromFork}, ${atStart.cpuMs.toFixed(0)} ms of CPU |`,
    `| idle for 15 s, 3 nodes | ${share.toFixed(2)} % of a core, ${after.rssMb.toFixed(0)} MB |`,
  );
  await cluster.stop();
}

const PODS = 500;
const NODES = 20;
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

/** As many pods as a small team has, all of them waiting. */
async function manyPods(): Promise<void> {
  const cluster = await startCluster(NODES);
  const { client } = cluster;
  const before = await cluster.usage();
  const appliedMs = performance.now();
  await client.ask(DEPLOYMENTS, { method: "POST", body: pausing() });
  await untilStatus(client, ({ readyReplicas = 0 }) => readyReplicas === PODS);
  const ready = seconds(appliedMs);
  const { cpuMs, rssMb } = await cluster.usage();
  const pods = podProcesses(cluster.pid);
  print(
    `| ${PODS} \`pause\` pods on ${NODES} nodes ready, after apply | ${ready}, ${((cpuMs - before.cpuMs) / 1000).toFixed(1)} s of CPU in the cluster's process |`,
    `| memory of the cluster's process then | ${rssMb.toFixed(0)} MB (${before.rssMb.toFixed(0)} MB before) |`,
    `| processes of the pods | ${pods.count}, ${pods.pssMb.toFixed(0)} MB (proportional) |`,
  );
  const rolledMs = performance.now();
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  const body = { spec: { template: { metadata: { annotations } } } };
  await client.ask(`${DEPLOYMENTS}/pause`, { method: "PATCH", body });
  await untilStatus(
    client,
    ({ updatedReplicas, availableReplicas, replicas, terminatingReplicas, observedGeneration }) =>
      observedGeneration === 2 &&
      [updatedReplicas, availableReplicas, replicas].every((count) => count === PODS) &&
      terminatingReplicas === 0,
  );
  print(`| a full rollout of them, until the last old pod is gone | ${seconds(rolledMs)} |`);
  await cluster.stop();
}

function pausing(): object {
  const labels = { app: "pause" };
  const image = "registry.k8s.io/e2e-test-images/agnhost:2.59";
  const containers = [{ name: "app", image, args: ["pause"] }];
  return {
    metadata: { name: "pause" },
    spec: {
      replicas: PODS,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

type DeploymentStatus = Readonly<Record<string, number | undefined>>;

async function untilStatus(
  client: PlainClient,
  isReached: (status: DeploymentStatus) => boolean,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await client.watch(`${DEPLOYMENTS}?watch=true`, (line) => {
    const { object } = JSON.parse(line) as { object: { status: DeploymentStatus } };
    if (isReached(object.status)) resolve();
  });
  await promise;
}

/** All descendants of a process, and the memory that they do not share. */
function podProcesses(pid: number): { readonly count: number; readonly pssMb: number } {
  const children = new Map<number, number[]>();
  for (const line of execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" }).split("\n")) {
    const [child = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const below = (parent: number): number[] =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  const all = below(pid);
  const files = all.map((one) => `/proc/${one}/smaps_rollup`);
  const text = execFileSync("grep", ["-hs", "^Pss:", ...files], { encoding: "utf8" });
  const kilobytes = [...text.matchAll(/(\d+) kB/g)].map(([, size]) => Number(size));
  return { count: all.length, pssMb: kilobytes.reduce((sum, size) => sum + size, 0) / 1024 };
}

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const WATCHERS = 1_000;
const OBJECTS = 20_000;
const CONNECTIONS = 16;

/** Many who want to hear of every change of one collection. */
async function manyWatchers(): Promise<void> {
  const cluster = await startCluster(1);
  const { client } = cluster;
  const before = await cluster.usage();
  let heard = 0;
  let expected = Number.POSITIVE_INFINITY;
  let done = Promise.withResolvers<void>();
  const onLine = (line: string) => {
    if (line.includes('"BOOKMARK"')) return;
    heard += 1;
    if (heard === expected) done.resolve();
  };
  const { metadata } = JSON.parse(await client.ask(CONFIG_MAPS)) as {
    metadata: { resourceVersion: string };
  };
  const from = `${CONFIG_MAPS}?watch=true&resourceVersion=${metadata.resourceVersion}`;
  for (let opened = 0; opened < WATCHERS; opened += 50) {
    await Promise.all(Array.from({ length: 50 }, () => client.watch(from, onLine)));
  }
  const open = await cluster.usage();
  const latencies: number[] = [];
  for (let index = 0; index < 20; index++) {
    heard = 0;
    expected = WATCHERS;
    done = Promise.withResolvers<void>();
    const writtenMs = performance.now();
    const body = { metadata: { name: `seen-${index}` }, data: { index: String(index) } };
    await client.ask(CONFIG_MAPS, { method: "POST", body });
    await done.promise;
    latencies.push(performance.now() - writtenMs);
  }
  const median = latencies.toSorted((a, b) => a - b)[10] ?? 0;
  const grown = open.rssMb - before.rssMb;
  print(
    `| a write until the last of ${WATCHERS.toLocaleString("en")} watchers has heard of it, median of 20 | ${median.toFixed(0)} ms |`,
    `| memory of ${WATCHERS.toLocaleString("en")} watches (TLS connections) | ${grown.toFixed(0)} MB |`,
  );
  await cluster.stop();
}

/** Many objects: written, listed whole, and in pages. */
async function manyObjects(): Promise<void> {
  const cluster = await startCluster(1);
  const { client } = cluster;
  let created = 0;
  const before = await cluster.usage();
  const writtenMs = performance.now();
  const writer = async () => {
    while (created < OBJECTS) {
      const name = `object-${created++}`;
      const body = { metadata: { name, labels: { app: "bench" } }, data: { key: "value" } };
      await client.ask(CONFIG_MAPS, { method: "POST", body });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, writer));
  const rate = OBJECTS / ((performance.now() - writtenMs) / 1000);
  const { rssMb, cpuMs } = await cluster.usage();
  const each = ((cpuMs - before.cpuMs) / OBJECTS) * 1000;
  const listedMs = performance.now();
  const text = await client.ask(CONFIG_MAPS);
  const whole = ms(listedMs);
  const pagedMs = performance.now();
  let next = "";
  let pages = 0;
  do {
    const query = `limit=500${next === "" ? "" : `&continue=${encodeURIComponent(next)}`}`;
    const page = JSON.parse(await client.ask(`${CONFIG_MAPS}?${query}`)) as {
      metadata: { continue?: string };
    };
    next = page.metadata.continue ?? "";
    pages += 1;
  } while (next !== "");
  print(
    `| writes, ${CONNECTIONS} connections | ${Math.round(rate).toLocaleString("en")}/s, ${each.toFixed(0)} µs of CPU each in the cluster's process |`,
    `| ${OBJECTS.toLocaleString("en")} objects listed at once | ${whole}, ${(text.length / 2 ** 20).toFixed(1)} MB |`,
    `| the same in ${pages} pages | ${ms(pagedMs)} |`,
    `| memory of the cluster's process with them | ${rssMb.toFixed(0)} MB |`,
  );
  await cluster.stop();
}

const QUESTIONS = {
  start: startAndIdle,
  objects: manyObjects,
  watchers: manyWatchers,
  pods: manyPods,
};
const wanted = process.argv.slice(2);

print("| what | figure |", "|---|---|");
for (const [name, measure] of Object.entries(QUESTIONS)) {
  if (wanted.length === 0 || wanted.includes(name)) await measure();
}
