import type { Pod } from "#embedded/api/objects.ts";
import { omitEmpty } from "#embedded/controllers/meta/omit-empty.ts";
import { isReady } from "#embedded/controllers/pods/pod-state.ts";
import type { DaemonSet, DaemonSetStatus } from "./daemon-set.ts";
import type { NodeDuty } from "./node-duty.ts";

export interface NodeFacts {
  readonly duty: NodeDuty;
  /** The oldest first; what is finished and being deleted is left out. */
  readonly pods: readonly Pod[];
}

/** The numbers over all nodes; a node counts by its oldest pod. */
export function daemonSetStatus(
  { metadata, status }: DaemonSet,
  nodes: readonly NodeFacts[],
  {
    isUpdated,
    isAvailable,
  }: {
    readonly isUpdated: (pod: Pod) => boolean;
    readonly isAvailable: (pod: Pod) => boolean;
  },
): DaemonSetStatus {
  const wanted = nodes.filter(({ duty }) => duty.shouldRun);
  const oldest = wanted.map(({ pods }) => pods[0]).filter((pod) => pod !== undefined);
  const available = oldest.filter(isAvailable).length;
  return {
    currentNumberScheduled: oldest.length,
    numberMisscheduled: nodes.filter(({ duty, pods }) => !duty.shouldRun && pods.length > 0).length,
    desiredNumberScheduled: wanted.length,
    numberReady: oldest.filter(isReady).length,
    ...omitEmpty({
      observedGeneration: metadata.generation,
      updatedNumberScheduled: oldest.filter(isUpdated).length,
      numberAvailable: available,
      numberUnavailable: wanted.length - available,
      collisionCount: status.collisionCount,
      conditions: status.conditions, // none is the controller's own, and others' stay
    }),
  };
}
