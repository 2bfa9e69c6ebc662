import type { Node, Pod } from "#embedded/api/objects.ts";
import { NODES, PODS } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { isTerminal, podCondition } from "#embedded/controllers/pods/pod-state.ts";
import { chooseNode } from "./node-choice.ts";
import type { PlacedPod } from "./pod-affinity.ts";

const NAME = "default-scheduler";

/** Puts each new pod on a node, one after the other, so that each choice knows the one before. */
export const scheduler: Controller = {
  name: NAME,
  workers: 1,
  watches: [
    // Room on a node may be what the waiting pods wait for.
    watch<Pod>(PODS, (pod, cluster) => (isWaiting(pod) ? [keyOf(pod)] : waitingPods(cluster))),
    watch<Node>(NODES, (_node, cluster) => waitingPods(cluster)),
  ],
  reconcile: schedulePod,
};

function isWaiting({ spec, metadata }: Pod): boolean {
  return (
    (spec.nodeName ?? "") === "" &&
    metadata.deletionTimestamp === undefined &&
    (spec["schedulerName"] ?? NAME) === NAME
  );
}

function waitingPods({ caches }: Cluster): readonly string[] {
  return caches
    .of<Pod>(PODS)
    .list()
    .filter((pod) => isWaiting(pod) && !isTerminal(pod))
    .map(keyOf);
}

async function schedulePod(key: string, cluster: Cluster): Promise<undefined> {
  const { namespace, name } = splitKey(key);
  const pods = cluster.caches.of<Pod>(PODS);
  const pod = pods.get(name, namespace);
  if (pod === undefined || !isWaiting(pod) || isTerminal(pod)) return;
  const gates = pod.spec["schedulingGates"];
  if (Array.isArray(gates) && gates.length > 0) {
    const message = "Scheduling is blocked due to non-empty scheduling gates";
    await tellUnscheduled(pod, { reason: "SchedulingGated", message }, cluster);
    return;
  }
  const nodes = cluster.caches.of<Node>(NODES).list();
  const choice = chooseNode(pod, nodes, placedPods(pods.list(), nodes));
  if (choice.type === "node") return bind(pod, choice.node.metadata.name, cluster);
  const { message } = choice;
  if (await tellUnscheduled(pod, { reason: "Unschedulable", message }, cluster)) {
    const action = "Scheduling";
    cluster.record(pod, { type: "Warning", reason: "FailedScheduling", message, action });
  }
}

function placedPods(pods: readonly Pod[], nodes: readonly Node[]): readonly PlacedPod[] {
  const byName = new Map(nodes.map((node) => [node.metadata.name, node]));
  return pods.flatMap((pod) => {
    const node = byName.get(pod.spec.nodeName ?? "");
    return node === undefined ? [] : [{ pod, node }];
  });
}

async function bind(pod: Pod, nodeName: string, { api, record }: Cluster): Promise<undefined> {
  await api.update(
    PODS,
    {
      apiVersion: "v1",
      kind: "Binding",
      metadata: pod.metadata,
      target: { apiVersion: "v1", kind: "Node", name: nodeName },
    },
    "binding",
  );
  const { namespace, name } = pod.metadata;
  const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
  record(pod, { type: "Normal", reason: "Scheduled", message, action: "Binding" });
}

/** True when it was news. */
async function tellUnscheduled(
  pod: Pod,
  text: { readonly reason: string; readonly message: string },
  { api, nowMs }: Cluster,
): Promise<boolean> {
  const told = podCondition(pod, "PodScheduled");
  if (told?.status === "False" && told.reason === text.reason && told.message === text.message) {
    return false;
  }
  const at = told?.status === "False" ? told.lastTransitionTime : timestamp(nowMs());
  const condition = {
    type: "PodScheduled",
    observedGeneration: pod.metadata.generation ?? 1,
    status: "False" as const,
    lastProbeTime: null,
    lastTransitionTime: at ?? timestamp(nowMs()),
    ...text,
  };
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
  const conditions = [...others, condition];
  await api.update<Pod>(PODS, { ...pod, status: { ...pod.status, conditions } }, "status");
  return true;
}
