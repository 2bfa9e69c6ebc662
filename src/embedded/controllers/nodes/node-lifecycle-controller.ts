import { isDeepStrictEqual } from "node:util";
import type { KubeObject, Node, Pod } from "#embedded/api/objects.ts";
import { LEASES, NODES, PODS } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyFrom,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import type { Requeue } from "#embedded/controllers/machinery/work-queue.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { isReady } from "#embedded/controllers/pods/pod-state.ts";
import { desiredTaints } from "./desired-taints.ts";

const LEASE_NAMESPACE = "kube-node-lease";
/** A node whose lease is older than this is taken for dead: the controller manager's own default. */
const NODE_MONITOR_GRACE_MS = 50_000;
const REPORTED_BY_KUBELET = new Set(["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"]);

interface Lease extends KubeObject {
  readonly spec?: { readonly renewTime?: string };
}

/** Turns what is known of a node into taints, and notices when its kubelet falls silent. */
export function nodeLifecycleController(graceMs = NODE_MONITOR_GRACE_MS): Controller {
  /** As last seen, because pods are marked when their node stops being Ready and not again. */
  const wasReady = new Map<string, boolean>();
  return {
    name: "node-controller",
    workers: 5,
    watches: [
      watch<Node>(NODES, (node) => [keyOf(node)]),
      watch<Lease>(LEASES, ({ metadata: { name, namespace } }) =>
        namespace === LEASE_NAMESPACE ? [keyFrom("", name)] : [],
      ),
    ],
    reads: [PODS],
    async reconcile(key, cluster) {
      const { name } = splitKey(key);
      const node = cluster.caches.of<Node>(NODES).get(name);
      if (node === undefined) {
        wasReady.delete(name);
        return undefined;
      }
      if (!wasReady.has(name)) {
        const message = `Node ${name} event: Registered Node ${name} in Controller`;
        cluster.record(node, { type: "Normal", reason: "RegisteredNode", message });
      }
      const { node: judged, requeue } = await judgeLease(node, cluster, graceMs);
      await syncTaints(judged, cluster);
      const ready = isNodeReady(judged);
      if (!ready && wasReady.get(name) === true) await markPodsNotReady(name, cluster);
      wasReady.set(name, ready);
      return requeue;
    },
  };
}

function isNodeReady({ status }: Node): boolean {
  return status.conditions?.find(({ type }) => type === "Ready")?.status === "True";
}

async function judgeLease(
  node: Node,
  { api, caches, nowMs }: Cluster,
  graceMs: number,
): Promise<{ readonly node: Node; readonly requeue: Requeue | undefined }> {
  const lease = caches.of<Lease>(LEASES).get(node.metadata.name, LEASE_NAMESPACE);
  const renewedMs = Date.parse(lease?.spec?.renewTime ?? "");
  if (Number.isNaN(renewedMs)) return { node, requeue: undefined }; // it has never promised to renew
  const leftMs = renewedMs + graceMs - nowMs();
  if (leftMs > 0) return { node, requeue: { afterMs: leftMs } };
  const at = timestamp(nowMs());
  const conditions = (node.status.conditions ?? []).map((condition) =>
    REPORTED_BY_KUBELET.has(condition.type) && condition.status !== "Unknown"
      ? {
          ...condition,
          status: "Unknown" as const,
          lastTransitionTime: at,
          reason: "NodeStatusUnknown",
          message: "Kubelet stopped posting node status.",
        }
      : condition,
  );
  if (isDeepStrictEqual(conditions, node.status.conditions)) return { node, requeue: undefined };
  const silent = { ...node, status: { ...node.status, conditions } };
  return { node: await api.update<Node>(NODES, silent, "status"), requeue: undefined };
}

async function syncTaints(node: Node, { api, nowMs }: Cluster): Promise<void> {
  const taints = desiredTaints(node, timestamp(nowMs()));
  if (isDeepStrictEqual(taints, node.spec.taints ?? [])) return;
  const { taints: _, ...spec } = node.spec;
  await api.update<Node>(NODES, {
    ...node,
    spec: taints.length === 0 ? spec : { ...spec, taints: [...taints] },
  });
}

/** Nobody on a node that is not Ready can say so for itself, so its endpoints would stay ready. */
async function markPodsNotReady(nodeName: string, { api, caches, record, nowMs }: Cluster) {
  const pods = caches
    .of<Pod>(PODS)
    .list()
    .filter((pod) => pod.spec.nodeName === nodeName && isReady(pod));
  for (const pod of pods) {
    const conditions = (pod.status.conditions ?? []).map((condition) =>
      condition.type === "Ready"
        ? { ...condition, status: "False" as const, lastTransitionTime: timestamp(nowMs()) }
        : condition,
    );
    await api.update<Pod>(PODS, { ...pod, status: { ...pod.status, conditions } }, "status");
    record(pod, { type: "Warning", reason: "NodeNotReady", message: "Node is not ready" });
  }
}
