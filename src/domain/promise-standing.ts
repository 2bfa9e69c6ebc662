import { keeps, type Threshold } from "./threshold.ts";

/**
 * How a promise stands while its run goes on. It is no verdict: rates are taken over all requests since the
 * disruption began, and what only the whole history can tell has no number yet.
 */
export interface PromiseStanding {
  readonly threshold: Threshold;
  readonly soFar?: number;
}

/** Whether what was counted so far keeps the promise; `open` where nothing can be counted before the end. */
export function standingOf({ threshold, soFar }: PromiseStanding): "kept" | "broken" | "open" {
  if (soFar === undefined) return "open";
  return keeps(threshold, soFar) ? "kept" : "broken";
}
