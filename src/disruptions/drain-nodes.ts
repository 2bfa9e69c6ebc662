import type { Disruption } from "#domain/disruption.ts";
import { HarnessError } from "#domain/errors.ts";
import { awaitReplaced } from "./await-replaced.ts";
import { chooseNodes, podsOf } from "./choose-nodes.ts";
import { cordon } from "./cordon-nodes.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { evictPatiently } from "./evict-patiently.ts";
import { type PodOnNode, podsOnNode } from "./pods-on-node.ts";
import { leavingPods, refuseUnmanaged } from "./refuse-pods.ts";
import { rehearseRemoval } from "./rehearse.ts";
import { requireShare } from "./require-share.ts";

type Drain = Extract<Disruption, { type: "drain-nodes" }>;

/**
 * `kubectl drain`, node by node: cordon, evict all pods but those of DaemonSets and of the node itself, and
 * wait until they are gone. The nodes stay cordoned until the run ends, or a step uncordons them. Pods of
 * namespaces that this run may not touch stay where they are.
 */
export async function performDrainNodes(drain: Drain, context: DisruptionContext): Promise<void> {
  const nodes = await chooseNodes(drain, context);
  const { cluster, signal } = context;
  const found = await Promise.all(nodes.map((node) => podsOnNode(node, cluster, signal)));
  for (const pods of found) refuseUnmanaged(leavingPods(pods, context), "drain the node");
  requireShare({ leaving: podsOf(nodes, context), act: "drain" }, context);
  const pods = leavingPods(found.flat(), context);
  await rehearseRemoval(cluster, { pods, removal: { type: "evict" } }, signal);
  for (const node of nodes) await cordon(node, context);
  for (const node of nodes) await drainOne(node, drain, context);
}

async function drainOne(node: string, { workload }: Drain, context: DisruptionContext) {
  const { cluster, clock, deadlineMs, signal } = context;
  const untilMs = clock.nowMs() + deadlineMs;
  const pods = leavingPods(await podsOnNode(node, cluster, signal), context);
  // Side by side, as kubectl does: one budget that refuses must not keep the others waiting.
  const outcomes = await Promise.all(
    pods.map(async (pod) => ({ pod, outcome: await evictPatiently(pod, { untilMs }, context) })),
  );
  const leaving = outcomes.flatMap(({ pod, outcome }) =>
    outcome.type === "evicted" || outcome.type === "already-gone" ? [pod] : [],
  );
  await awaitGone(node, { leaving, untilMs }, context);
  const own = leaving.filter(({ uid }) => context.observed.view.pods.has(uid));
  await awaitReplaced({ workload, pods: own, act: "drain" }, context);
}

/** Pods of other workloads are not watched, so they are asked for, every second as kubectl does. */
async function awaitGone(
  node: string,
  { leaving, untilMs }: { readonly leaving: readonly PodOnNode[]; readonly untilMs: number },
  { cluster, clock, signal }: DisruptionContext,
): Promise<void> {
  const uids = new Set(leaving.map(({ uid }) => uid));
  for (;;) {
    const left = (await podsOnNode(node, cluster, signal)).filter(({ uid }) => uids.has(uid));
    if (left.length === 0) return;
    if (clock.nowMs() >= untilMs) {
      const names = left.map(({ namespace, name }) => `${namespace}/${name}`).join(", ");
      throw new HarnessError(
        "DRAIN_STUCK",
        `The node ${node} was not empty in time; still there: ${names}.`,
        {
          hint: "If a pod only needs longer to end, raise the scenario's deadline above its grace period.",
        },
      );
    }
    await clock.sleep(1_000, signal);
  }
}
