import type { Disruption } from "#domain/disruption.ts";
import { awaitReplaced } from "./await-replaced.ts";
import { choosePods } from "./choose-pods.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { evictPatiently } from "./evict-patiently.ts";
import { rehearseRemoval } from "./rehearse.ts";

/**
 * Evicts ready pods one after another, each as soon as the budgets allow it, and waits until others have
 * taken their place. A pod that a budget protected until the deadline stays, which the history tells.
 */
export async function performEvictPods(
  eviction: Extract<Disruption, { type: "evict-pods" }>,
  context: DisruptionContext,
): Promise<void> {
  const { workload } = eviction;
  const chosen = choosePods({ verb: "evict", ...eviction }, context);
  const { namespace } = workload;
  const pods = chosen.map(({ name, uid }) => ({ namespace, name, uid }));
  const { cluster, signal } = context;
  await rehearseRemoval(cluster, { pods, removal: { type: "evict" } }, signal);
  const untilMs = context.clock.nowMs() + context.deadlineMs;
  const leaving: (typeof chosen)[number][] = [];
  for (const pod of chosen) {
    const outcome = await evictPatiently({ ...pod, namespace }, { untilMs }, context);
    if (outcome.type === "evicted" || outcome.type === "already-gone") leaving.push(pod);
  }
  if (leaving.length > 0) {
    await awaitReplaced({ workload, pods: leaving, act: "eviction" }, context);
  }
}
