/** What ends a run at once, before its disruptions do more harm. Each is optional. */
export interface AbortConditions {
  /** Share of failed requests among those of the last five seconds, from 0 to 1. */
  readonly errorRatio?: number;
  /** Least share of the desired replicas that must be ready endpoints, from 0 to 1. */
  readonly capacityRatio?: number;
  /** Longest time from the start of the load to the end of the recovery. */
  readonly afterMs?: number;
}

/** Requests and failures of one moment, summed over all streams. */
export interface LoadMoment {
  readonly atMs: number;
  readonly requests: number;
  readonly failures: number;
}

/** Over this time the error rate is taken: one bad moment is no reason to stop. */
const WINDOW_MS = 5_000;

/** Fewer requests than these say nothing about a rate. */
const LEAST_REQUESTS = 50;

/** A sentence when the error rate of the last five seconds is too high. */
export function tooManyErrors(
  moments: readonly LoadMoment[],
  { errorRatio }: AbortConditions,
): string | undefined {
  const nowMs = moments.at(-1)?.atMs ?? 0;
  const recent = moments.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
  const requests = recent.reduce((sum, moment) => sum + moment.requests, 0);
  const failures = recent.reduce((sum, moment) => sum + moment.failures, 0);
  if (errorRatio === undefined || requests < LEAST_REQUESTS) return undefined;
  if (failures / requests <= errorRatio) return undefined;
  return `${failures} of ${requests} requests of the last ${WINDOW_MS / 1000} s failed, and ${percent(errorRatio)} is the most that is accepted`;
}

/** A sentence when too few of the desired replicas are ready. */
export function tooLittleCapacity(
  { ready, desired }: { readonly ready: number; readonly desired: number },
  { capacityRatio }: AbortConditions,
): string | undefined {
  if (capacityRatio === undefined || desired === 0 || ready / desired >= capacityRatio) {
    return undefined;
  }
  return `${ready} of ${desired} replicas are ready endpoints, and ${percent(capacityRatio)} is the least that is accepted`;
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(2))} %`;
}
