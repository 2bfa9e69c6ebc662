import { type ClusterView, readyEndpoints } from "#domain/cluster-view.ts";
import type { Disruption } from "#domain/disruption.ts";
import { nodeRef, shortRef } from "#domain/object-ref.ts";
import { NODE_MONITOR_GRACE_MS } from "#domain/unreachable-node.ts";
import { chooseNodes, podsOf } from "./choose-nodes.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { nodesThatStay } from "./nodes-that-stay.ts";
import { podsNotReplaced } from "./pods-not-replaced.ts";
import { type PodOnNode, podsOnNode } from "./pods-on-node.ts";
import { leavingPods, refuseForeign, refuseUnmanaged } from "./refuse-pods.ts";
import { reportAction } from "./report-action.ts";
import { requireShare } from "./require-share.ts";
import { isSettled } from "./settled.ts";

type Taking = Extract<Disruption, { type: "shut-down-nodes" | "lose-nodes" }>;

/**
 * Turns the machines off of nodes that carry most of the workload, in order or from one moment to the next, and
 * waits until other nodes carry its pods. A kubelet that is set to end its pods at a shutdown makes that quick;
 * else the cluster has to notice that the node is silent, and pods stay for as long as they tolerate that.
 */
export async function performTakeMachines(
  taking: Taking,
  context: DisruptionContext,
): Promise<void> {
  const { cluster, signal } = context;
  const staying = await nodesThatStay(context);
  const nodes = await chooseNodes({ ...taking, staying }, context);
  for (const node of nodes) await cluster.reachMachine(node, signal);
  const found = await Promise.all(nodes.map((node) => podsOnNode(node, cluster, signal)));
  const act = taking.type === "lose-nodes" ? "lose" : "shut down";
  for (const [index, pods] of found.entries()) {
    refuseForeign(pods, `${act} node ${nodes[index]}`, context);
    refuseUnmanaged(leavingPods(pods, context), `${act} node ${nodes[index]}`);
  }
  requireShare({ leaving: podsOf(nodes, context), act: TAKEN[taking.type].act }, context);
  for (const node of nodes) await takeOne(node, taking, context);
  await awaitElsewhere(taking, { nodes, pods: found.flat() }, context);
}

const TAKEN = {
  "shut-down-nodes": { verb: "shut-down", result: "off", act: "shutdown" },
  "lose-nodes": { verb: "lose", result: "lost", act: "loss" },
} as const;

async function takeOne(
  node: string,
  { type, workload }: Taking,
  context: DisruptionContext,
): Promise<void> {
  const { cluster, undo, signal } = context;
  await undo.record({ type: "machine", node, namespace: workload.namespace });
  const { verb, result } = TAKEN[type];
  await reportAction(
    {
      verb,
      object: shortRef(nodeRef(node)),
      act: () =>
        type === "lose-nodes" ? cluster.loseNode(node, signal) : cluster.shutDownNode(node, signal),
      describe: () => result,
    },
    context,
  );
}

async function awaitElsewhere(
  { workload, type }: Taking,
  gone: { readonly nodes: readonly string[]; readonly pods: readonly PodOnNode[] },
  { observed, deadlineMs, signal }: DisruptionContext,
): Promise<void> {
  const { nodes } = gone;
  const own = gone.pods.filter(({ uid }) => observed.view.pods.has(uid));
  const silentMs = Math.max(0, ...own.map(({ unreachableSeconds }) => unreachableSeconds)) * 1000;
  // Nobody replaces a pod that stays for ever, or that a set keeps its name for.
  const isReplaced = workload.kind === "Deployment" && Number.isFinite(silentMs);
  const limitMs = deadlineMs + NODE_MONITOR_GRACE_MS + (Number.isFinite(silentMs) ? silentMs : 0);
  const generation = observed.view.workload?.generation ?? 0;
  const left = (observed.view.workload?.desired ?? 0) - own.length;
  const isDone = (view: ClusterView) =>
    noneListed(view, own) &&
    (isReplaced ? isSettled(elsewhere(view, nodes), { generation }) : readyCount(view) >= left);
  if (await observed.until(isDone, limitMs, signal)) return;
  throw podsNotReplaced(
    {
      ...{ workload, limitMs },
      from: `the ${TAKEN[type].act} of ${nodes.join(", ")}`,
      hint: "Are the other nodes large enough to take its pods? A pod stays on a silent node for the tolerationSeconds of its toleration of node.kubernetes.io/unreachable, 300 unless it says.",
    },
    observed.view,
  );
}

/** Pods that are on their way out with their node stay there until it is back. */
function elsewhere(view: ClusterView, nodes: readonly string[]): ClusterView {
  const pods = [...view.pods].filter(([, { node }]) => !nodes.includes(node ?? ""));
  return { ...view, pods: new Map(pods) };
}

function noneListed(view: ClusterView, pods: readonly PodOnNode[]): boolean {
  const listed = readyEndpoints(view);
  return pods.every(({ name }) => !listed.has(name));
}

function readyCount({ pods }: ClusterView): number {
  return [...pods.values()].filter(({ ready }) => ready).length;
}
