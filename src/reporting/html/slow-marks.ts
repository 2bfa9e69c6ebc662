import type { FailureMark, TimelineFacts } from "#domain/report.ts";

/** What stands in the place of a failure's class; no failure has a class of this name. */
export const SLOW = "slow answer";

/** Slow answers as marks among those of failures: drawn otherwise, filtered and pointed at like them. */
export function slowMarks({ slow = [] }: TimelineFacts): readonly FailureMark[] {
  return slow.map(({ latencyMs: _, pod, ...mark }) => ({
    ...mark,
    reason: SLOW,
    attribution: pod === undefined ? "unknown" : "proven",
    ...(pod !== undefined && { pod }),
  }));
}
