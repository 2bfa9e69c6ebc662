import type { Pod } from "#embedded/api/objects.ts";
import type { NodeDuty } from "./node-duty.ts";

export interface PlacementPlan {
  readonly createOn: readonly string[];
  readonly deletePods: readonly Pod[];
  readonly failed: readonly Pod[];
  readonly succeeded: readonly Pod[];
}

interface NodeWithPods {
  readonly node: string;
  readonly duty: NodeDuty;
  /** The oldest first; a terminating pod still takes up its place until it has finished. */
  readonly pods: readonly Pod[];
}

/** What to create and delete so that each node has its one pod, leaving the choice of version aside. */
export function placementPlan(
  nodes: readonly NodeWithPods[],
  { isUpdated, surges }: { readonly isUpdated: (pod: Pod) => boolean; readonly surges: boolean },
): PlacementPlan {
  const createOn: string[] = [];
  const deletePods: Pod[] = [];
  const failed: Pod[] = [];
  const succeeded: Pod[] = [];
  for (const { node, duty, pods } of nodes) {
    const lasting = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    if (!duty.mayStay) {
      deletePods.push(...lasting);
      continue;
    }
    failed.push(...lasting.filter(({ status }) => status.phase === "Failed"));
    succeeded.push(...lasting.filter(({ status }) => status.phase === "Succeeded"));
    const running = lasting.filter((pod) => ![...failed, ...succeeded].includes(pod));
    const groups = surges
      ? [running.filter(isUpdated), running.filter((pod) => !isUpdated(pod))]
      : [running];
    for (const [, ...duplicates] of groups) deletePods.push(...duplicates);
    if (duty.shouldRun && pods.length === 0) createOn.push(node);
  }
  return { createOn, deletePods, failed, succeeded };
}
