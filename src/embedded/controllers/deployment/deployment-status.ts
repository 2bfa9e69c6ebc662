import type { Condition, Deployment, ReplicaSet } from "#embedded/api/objects.ts";
import { conditionOf, withCondition } from "#embedded/controllers/meta/conditions.ts";
import { omitEmpty } from "#embedded/controllers/meta/omit-empty.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { allOf, type Rollout, wantedReplicas } from "./rollout.ts";
import { rolloutLimits } from "./rollout-limits.ts";

export type DeploymentStatus = Deployment["status"];

/** The Deployment's numbers are those of its ReplicaSets; only `unavailable` compares with the wish. */
export function deploymentStatus(rollout: Rollout, nowMs: number): DeploymentStatus {
  const { deployment, newest } = rollout;
  const all = allOf(rollout);
  const available = sum(all, ({ status }) => status.availableReplicas);
  const { replicas, maxUnavailable } = rolloutLimits(deployment);
  return {
    ...omitEmpty({
      observedGeneration: deployment.metadata.generation,
      replicas: sum(all, ({ status }) => status.replicas),
      updatedReplicas: newest?.status.replicas,
      readyReplicas: sum(all, ({ status }) => status.readyReplicas),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, wantedReplicas(all) - available),
    }),
    terminatingReplicas: sum(all, ({ status }) => status.terminatingReplicas),
    ...omitEmpty({ collisionCount: deployment.status.collisionCount }),
    conditions: withCondition(
      deployment.status.conditions,
      availability(available >= replicas - maxUnavailable, timestamp(nowMs)),
    ),
  };
}

/** Every pod is of the newest template and available, and no old one is left but terminating ones. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const replicas = deployment.spec.replicas ?? 1;
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** The ReplicaSet's own trouble, of the newest one first, is the Deployment's trouble. */
export function replicaFailure({ newest, old }: Rollout): Condition | undefined {
  const all = newest === undefined ? old : [newest, ...old];
  return all
    .map(({ status }) => conditionOf(status.conditions, "ReplicaFailure"))
    .find((condition) => condition !== undefined);
}

function availability(isAvailable: boolean, at: string): Condition {
  return {
    type: "Available",
    status: isAvailable ? "True" : "False",
    lastUpdateTime: at,
    lastTransitionTime: at,
    reason: isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    message: isAvailable
      ? "Deployment has minimum availability."
      : "Deployment does not have minimum availability.",
  };
}

function sum(
  replicaSets: readonly ReplicaSet[],
  count: (replicaSet: ReplicaSet) => number | undefined,
): number {
  return replicaSets.reduce((total, replicaSet) => total + (count(replicaSet) ?? 0), 0);
}
