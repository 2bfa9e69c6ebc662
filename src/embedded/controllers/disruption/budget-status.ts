import type { Condition, Pod } from "#embedded/api/objects.ts";
import { conditionOf } from "#embedded/controllers/meta/conditions.ts";
import { intOrPercent } from "#embedded/controllers/meta/int-or-percent.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { isReady } from "#embedded/controllers/pods/pod-state.ts";
import type { BudgetStatus, PodDisruptionBudget } from "./pod-disruption-budget.ts";

/** So long an evicted pod counts as unhealthy before anybody has seen its deletion. */
const DELETION_TIMEOUT_MS = 120_000;

export interface BudgetFacts {
  /** Every pod that the budget selects, whatever its state. */
  readonly pods: readonly Pod[];
  /** How many pods their controllers were told to have. */
  readonly scale: number;
  readonly nowMs: number;
}

/** The budget's numbers now. Both kinds of percentage are rounded up, which suits the workload. */
export function budgetStatus(budget: PodDisruptionBudget, facts: BudgetFacts): BudgetStatus {
  const { pods, nowMs } = facts;
  const { expectedPods, desiredHealthy } = expectations(budget, facts);
  const disruptedPods = stillDisrupted(budget, facts);
  const currentHealthy = pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      disruptedPods[pod.metadata.name] === undefined &&
      isReady(pod),
  ).length;
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const { generation } = budget.metadata;
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods }),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: conditionsWith(budget, {
      isAllowed: disruptionsAllowed > 0,
      reason: disruptionsAllowed > 0 ? "SufficientPods" : "InsufficientPods",
      message: "",
      nowMs,
    }),
  };
}

/** When the numbers cannot be known, nothing may be disrupted. */
export function failedStatus(
  budget: PodDisruptionBudget,
  message: string,
  nowMs: number,
): BudgetStatus {
  const { status } = budget;
  return {
    currentHealthy: status?.currentHealthy ?? 0,
    desiredHealthy: status?.desiredHealthy ?? 0,
    expectedPods: status?.expectedPods ?? 0,
    ...status,
    ...(budget.metadata.generation === undefined
      ? {}
      : { observedGeneration: budget.metadata.generation }),
    disruptionsAllowed: 0,
    conditions: conditionsWith(budget, { isAllowed: false, reason: "SyncFailed", message, nowMs }),
  };
}

/** The evicted pods that nobody has seen deleted, and until when they are waited for. */
export function stillDisrupted(
  { status }: PodDisruptionBudget,
  { pods, nowMs }: BudgetFacts,
): Record<string, string> {
  const waiting = Object.entries(status?.disruptedPods ?? {}).filter(([name, since]) => {
    const pod = pods.find(({ metadata }) => metadata.name === name);
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return false;
    return deletionDueMs(since) > nowMs;
  });
  return Object.fromEntries(waiting);
}

/** When an eviction that has had no effect is given up. */
export function deletionDueMs(evictedAt: string): number {
  return Date.parse(evictedAt) + DELETION_TIMEOUT_MS;
}

function expectations(
  { spec }: PodDisruptionBudget,
  { pods, scale }: BudgetFacts,
): { readonly expectedPods: number; readonly desiredHealthy: number } {
  if (spec.maxUnavailable !== undefined) {
    const unavailable = intOrPercent(spec.maxUnavailable, scale, "up");
    return { expectedPods: scale, desiredHealthy: Math.max(0, scale - unavailable) };
  }
  if (typeof spec.minAvailable === "string") {
    const available = intOrPercent(spec.minAvailable, scale, "up");
    return { expectedPods: scale, desiredHealthy: available };
  }
  return { expectedPods: pods.length, desiredHealthy: spec.minAvailable ?? 1 };
}

interface Verdict {
  readonly isAllowed: boolean;
  readonly reason: string;
  readonly message: string;
  readonly nowMs: number;
}

function conditionsWith(
  { status, metadata }: PodDisruptionBudget,
  { isAllowed, reason, message, nowMs }: Verdict,
): Condition[] {
  const conditions = status?.conditions ?? [];
  const known = conditionOf(conditions, "DisruptionAllowed");
  const value = isAllowed ? "True" : "False";
  const since = known?.status === value ? known.lastTransitionTime : undefined;
  const condition: Condition = {
    type: "DisruptionAllowed",
    status: value,
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
    lastTransitionTime: since ?? timestamp(nowMs),
    reason,
    message,
  };
  return [...conditions.filter(({ type }) => type !== condition.type), condition];
}
