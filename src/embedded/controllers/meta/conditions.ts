import type { Condition } from "#embedded/api/objects.ts";

/** The condition of that type, if the status has it. */
export function conditionOf(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * The conditions with one of them taken over. Same status and reason: nothing changes, whatever the
 * message. Same status, other reason: the date of the transition stays. Changed ones move to the end.
 */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  next: Condition,
): Condition[] {
  const known = conditionOf(conditions, next.type);
  if (known?.status === next.status && known.reason === next.reason) return [...(conditions ?? [])];
  const taken =
    known?.status === next.status && known.lastTransitionTime != null
      ? { ...next, lastTransitionTime: known.lastTransitionTime }
      : next;
  return [...withoutCondition(conditions, next.type), taken];
}

/** All others, as they are. */
export function withoutCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}
