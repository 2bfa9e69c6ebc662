import { setTimeout as delay } from "node:timers/promises";
import { awaitReady } from "#disruptions/await-ready.ts";
import type { DisruptionContext } from "#disruptions/disruption-context.ts";
import { performDisruption } from "#disruptions/perform-disruption.ts";
import { anUndoLog } from "#disruptions/testing/a-cluster.ts";
import type { Disruption } from "#domain/disruption.ts";
import type { Observation } from "#domain/observation.ts";
import type { KubernetesObject, WorkloadRef } from "#domain/workload.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import { makeNamespaces } from "#runner/make-namespaces.ts";
import { ObservedCluster } from "#runner/observed-cluster.ts";
import { putBack, stepsOfEnd } from "#runner/put-back.ts";

/** A server that answers, and leaves at SIGTERM. */
const SERVER = `require("http").createServer((_, r) => r.end()).listen(8080, process.env.POD_IP);
  process.on("SIGTERM", () => process.exit(0));`;

/** The image that a container of these workloads may have besides `node`; the same program. */
export const IMAGES = ["node", "node:other"].map((image) => ({
  image,
  directory: import.meta.dirname,
  command: [process.execPath],
}));

/** A clock of the machine, for clusters that are real processes. */
export const CLOCK: Clock = {
  nowMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal });
  },
};

/** A workload on a cluster, watched; what is done to it is written down and can be put back. */
export async function startWorkbench(cluster: Cluster, workload: WorkloadRef, replicas = 3) {
  const { signal } = new AbortController();
  const { namespace } = workload;
  const seen: Observation[] = [];
  const undo = anUndoLog();
  const observed = new ObservedCluster(CLOCK, (observation) => seen.push(observation));
  const watching = await cluster.observe(
    { namespace, workload, service: "web" },
    (observation) => observed.receive(observation),
    { clock: CLOCK, signal },
  );
  const objects = manifests(workload, replicas);
  await makeNamespaces({ cluster, undo: anUndoLog(), runId: "test", objects, namespace }, signal);
  await cluster.apply(objects, signal);
  await awaitReady({ cluster, observed, workload, replicas, deadlineMs: 20_000, signal });
  const context: DisruptionContext = {
    cluster,
    observed,
    clock: CLOCK,
    undo,
    mayTouch: (each) => !each.startsWith("kube-"),
    entrances: [],
    maxDisruptedRatio: 1,
    runId: "test",
    startedAt: new Date(performance.timeOrigin).toISOString(),
    deadlineMs: 20_000,
    signal,
  };
  return {
    observed,
    undo,
    seen,
    context,
    perform: (disruption: Disruption, other: Partial<DisruptionContext> = {}) =>
      performDisruption(disruption, { ...context, ...other }),
    putBack: (brokenOff: boolean) =>
      putBack({ undo, cluster, wanted: stepsOfEnd(undo.steps, brokenOff) }, signal),
    /** `evict evicted`: what was done, in order. */
    actions: () => seen.flatMap((o) => (o.type === "action" ? [`${o.verb} ${o.result}`] : [])),
    stop: () => watching.stop(),
  };
}

/** Nobody has to wait five minutes until a lost node's pods are given up. */
const NOT_LONG = [
  {
    key: "node.kubernetes.io/unreachable",
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: 1,
  },
];

/** The workload and its Service. */
export function manifests(
  { kind, namespace }: WorkloadRef,
  replicas: number,
): readonly KubernetesObject[] {
  const metadata = { name: "web", namespace };
  const podIP = { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } };
  const readinessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1 };
  const command = [process.execPath, "-e", SERVER];
  const app = { name: "app", image: "node", command, env: [podIP], readinessProbe };
  const template = {
    metadata: { labels: { app: "web" } },
    spec: { terminationGracePeriodSeconds: 5, tolerations: NOT_LONG, containers: [app] },
  };
  const selector = { matchLabels: { app: "web" } };
  const spec = {
    selector,
    template,
    ...(kind !== "DaemonSet" && { replicas }),
    ...(kind === "StatefulSet" && { serviceName: "web" }),
  };
  const ports = [{ port: 80, targetPort: 8080 }];
  return [
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app: "web" }, ports } },
    { apiVersion: "apps/v1", kind, metadata, spec },
  ];
}
