import type { Pod } from "#embedded/api/objects.ts";
import { omitEmpty } from "#embedded/controllers/meta/omit-empty.ts";
import { isReady } from "#embedded/controllers/pods/pod-state.ts";
import type { Step } from "./next-step.ts";
import { revisionNameOf } from "./pod-identity.ts";
import type { StatefulSet, StatefulSetStatus } from "./stateful-set.ts";

export interface StatusFacts {
  readonly pods: readonly Pod[];
  /** What was done after the pods were counted. */
  readonly steps: readonly Step[];
  readonly currentRevision: string;
  readonly updateRevision: string;
  readonly collisionCount: number;
  readonly isAvailable: (pod: Pod) => boolean;
}

/**
 * The set's numbers. A terminating pod still is a replica, ready for as long as it says so, but of no
 * revision any more. When all pods are of the new revision it becomes the current one.
 */
export function statefulSetStatus(
  { metadata, spec, status }: StatefulSet,
  facts: StatusFacts,
): StatefulSetStatus {
  const { pods, steps, currentRevision, updateRevision, isAvailable } = facts;
  const deleted = new Set(steps.map((step) => (step.type === "delete" ? step.pod : undefined)));
  const ready = pods.filter((pod) => pod.status.phase === "Running" && isReady(pod));
  const lasting = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const staying = lasting.filter((pod) => !deleted.has(pod));
  const ofRevision = (name: string) => staying.filter((pod) => revisionNameOf(pod) === name).length;
  const updated = ofRevision(updateRevision);
  const isRolledOut =
    spec.updateStrategy?.type !== "OnDelete" &&
    updated === (spec.replicas ?? 1) &&
    pods.length === updated &&
    ready.length === updated;
  return {
    ...omitEmpty({ observedGeneration: metadata.generation }),
    replicas: pods.length,
    ...omitEmpty({
      readyReplicas: ready.length,
      currentReplicas: isRolledOut ? updated : ofRevision(currentRevision),
      updatedReplicas: updated,
    }),
    currentRevision: isRolledOut ? updateRevision : currentRevision,
    updateRevision,
    collisionCount: facts.collisionCount,
    availableReplicas: ready.filter(isAvailable).length,
    // None is the controller's own, and others' stay.
    ...omitEmpty({ conditions: status?.conditions }),
  };
}
