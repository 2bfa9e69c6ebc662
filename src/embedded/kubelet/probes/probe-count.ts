import type { Probe } from "#embedded/api/objects.ts";

export type Result = "success" | "failure";

/** How often in a row the last result has been seen. */
export interface ProbeCount {
  readonly last: Result | undefined;
  readonly inARow: number;
}

/** Before the first answer. */
export const NO_RESULTS: ProbeCount = { last: undefined, inARow: 0 };

/** Counts one more result; `reached` once it has been seen often enough to become the verdict. */
export function countResult(
  count: ProbeCount,
  result: Result,
  { successThreshold = 1, failureThreshold = 3 }: Probe,
): { readonly count: ProbeCount; readonly reached: boolean } {
  const inARow = count.last === result ? count.inARow + 1 : 1;
  const threshold = result === "success" ? successThreshold : failureThreshold;
  return { count: { last: result, inARow }, reached: inARow >= threshold };
}
