import type { Condition, Pod, ReplicaSet } from "#embedded/api/objects.ts";
import { withCondition, withoutCondition } from "#embedded/controllers/meta/conditions.ts";
import { matchesLabels } from "#embedded/controllers/meta/label-selector.ts";
import { omitEmpty } from "#embedded/controllers/meta/omit-empty.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import {
  isActive,
  isAvailable,
  isReady,
  isTerminating,
} from "#embedded/controllers/pods/pod-state.ts";

/** Why the last attempt to reach the wanted number of pods failed. */
export interface ReplicaFailure {
  readonly reason: "FailedCreate" | "FailedDelete";
  readonly message: string;
}

/** Terminating pods are told apart: no other number counts them. */
export function replicaSetStatus(
  replicaSet: ReplicaSet,
  pods: readonly Pod[],
  failure: ReplicaFailure | undefined,
  nowMs: number,
): ReplicaSet["status"] {
  const { metadata, spec, status } = replicaSet;
  const active = pods.filter(isActive);
  const labels = spec.template.metadata.labels ?? {};
  const minReadySeconds = spec.minReadySeconds ?? 0;
  return {
    replicas: active.length,
    ...omitEmpty({
      fullyLabeledReplicas: active.filter((pod) => matchesLabels(labels, pod.metadata.labels))
        .length,
      readyReplicas: active.filter(isReady).length,
      availableReplicas: active.filter((pod) => isAvailable(pod, minReadySeconds, nowMs)).length,
    }),
    terminatingReplicas: pods.filter(isTerminating).length,
    ...omitEmpty({
      observedGeneration: metadata.generation,
      conditions: conditionsWith(status.conditions, failure, nowMs),
    }),
  };
}

function conditionsWith(
  conditions: readonly Condition[] | undefined,
  failure: ReplicaFailure | undefined,
  nowMs: number,
): Condition[] {
  if (failure === undefined) return withoutCondition(conditions, "ReplicaFailure");
  return withCondition(conditions, {
    type: "ReplicaFailure",
    status: "True",
    lastTransitionTime: timestamp(nowMs),
    ...failure,
  });
}
