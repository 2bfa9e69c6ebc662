import type { Condition, Deployment } from "#embedded/api/objects.ts";
import type { Requeue } from "#embedded/controllers/machinery/work-queue.ts";
import {
  conditionOf,
  withCondition,
  withoutCondition,
} from "#embedded/controllers/meta/conditions.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { type DeploymentStatus, isComplete } from "./deployment-status.ts";
import type { Rollout } from "./rollout.ts";

/** This deadline means that nobody cares. */
const NO_DEADLINE = 2_147_483_647;

/** What the Progressing condition says, from the first ReplicaSet to the last pod. */
export type ProgressReason =
  | "NewReplicaSetCreated"
  | "FoundNewReplicaSet"
  | "ReplicaSetCreateError"
  | "ReplicaSetUpdated"
  | "NewReplicaSetAvailable"
  | "ProgressDeadlineExceeded"
  | "DeploymentPaused"
  | "DeploymentResumed";

export function progressCondition(
  status: Condition["status"],
  reason: ProgressReason,
  message: string,
  nowMs: number,
): Condition {
  const at = timestamp(nowMs);
  return {
    type: "Progressing",
    status,
    lastUpdateTime: at,
    lastTransitionTime: at,
    reason,
    message,
  };
}

/** The largest number that fits stands for none. */
export function hasProgressDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== NO_DEADLINE;
}

/**
 * The conditions with the rollout's progress in them. A deadline that passes is only told: nothing is
 * rolled back, and progress later on clears it.
 */
export function withProgress(
  { deployment, newest }: Rollout,
  status: DeploymentStatus,
  nowMs: number,
): Condition[] {
  const conditions = status.conditions ?? [];
  const current = conditionOf(deployment.status.conditions, "Progressing");
  if (!hasProgressDeadline(deployment)) return withoutCondition(conditions, "Progressing");
  const subject =
    newest === undefined
      ? `Deployment "${deployment.metadata.name}"`
      : `ReplicaSet "${newest.metadata.name}"`;
  const rolledOut =
    status.replicas === status.updatedReplicas && current?.reason === "NewReplicaSetAvailable";
  if (rolledOut) return conditions;
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(
      conditions,
      progressCondition("True", "NewReplicaSetAvailable", message, nowMs),
    );
  }
  if (hasMoved(deployment.status, status)) {
    const message = `${subject} is progressing.`;
    const condition = progressCondition("True", "ReplicaSetUpdated", message, nowMs);
    const since = current?.status === "True" ? current.lastTransitionTime : undefined;
    // Each step counts as news, so that the deadline starts again.
    return [
      ...withoutCondition(conditions, "Progressing"),
      since == null ? condition : { ...condition, lastTransitionTime: since },
    ];
  }
  if (hasTimedOut(deployment, current, nowMs)) {
    const message = `${subject} has timed out progressing.`;
    return withCondition(
      conditions,
      progressCondition("False", "ProgressDeadlineExceeded", message, nowMs),
    );
  }
  return conditions;
}

/** When to look again whether a rollout that stands still has missed its deadline. */
export function deadlineCheck(
  deployment: Deployment,
  status: DeploymentStatus,
  nowMs: number,
): Requeue | undefined {
  const current = conditionOf(status.conditions, "Progressing");
  if (!hasProgressDeadline(deployment) || current === undefined) return undefined;
  if (isComplete(deployment, status) || current.reason === "ProgressDeadlineExceeded") {
    return undefined;
  }
  return { afterMs: Math.max(0, deadlineMs(deployment, current) - nowMs) + 1000 };
}

function hasMoved(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const [was, is] = [before, after].map((status) => ({
    updated: status.updatedReplicas ?? 0,
    old: (status.replicas ?? 0) - (status.updatedReplicas ?? 0),
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
  }));
  if (was === undefined || is === undefined) return false;
  return (
    is.updated > was.updated ||
    is.old < was.old ||
    is.ready > was.ready ||
    is.available > was.available
  );
}

function hasTimedOut(
  deployment: Deployment,
  current: Condition | undefined,
  nowMs: number,
): boolean {
  if (current === undefined || current.reason === "NewReplicaSetAvailable") return false;
  if (current.reason === "ProgressDeadlineExceeded") return true;
  return deadlineMs(deployment, current) < nowMs;
}

function deadlineMs({ spec }: Deployment, { lastUpdateTime }: Condition): number {
  return Date.parse(lastUpdateTime ?? "") + (spec.progressDeadlineSeconds ?? 0) * 1000;
}
