import type { Pod } from "#embedded/api/objects.ts";
import { judgeFailure } from "./failure-policy.ts";
import { isTracked, type Job } from "./job.ts";
import { indexOf, parseIndexes } from "./job-indexes.ts";

const FAILURES = "batch.kubernetes.io/job-index-failure-count";
const IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count";

/**
 * What has failed at each index of a Job that limits failures by index. How often an index has failed is
 * written on the pod that tries it next, so the pod that failed last keeps its finalizer until there is one.
 */
export interface IndexFailures {
  /** Indexes that are given up. */
  readonly failed: ReadonlySet<number>;
  /** The pod to go on from, for each index that has failed and has not been tried again. */
  readonly awaitingRetry: ReadonlyMap<number, Pod>;
}

const NONE: IndexFailures = { failed: new Set(), awaitingRetry: new Map() };

/** Nothing for a Job without such a limit. */
export function indexFailures(
  job: Job,
  pods: readonly Pod[],
  completed: ReadonlySet<number>,
): IndexFailures {
  const { backoffLimitPerIndex } = job.spec;
  if (backoffLimitPerIndex === undefined) return NONE;
  const failed = new Set(parseIndexes(job.status.failedIndexes));
  const lastTry = new Map<number, Pod>();
  for (const pod of pods) {
    for (const index of indexOf(pod)) {
      const other = lastTry.get(index);
      if (other === undefined || triesBefore(pod) > triesBefore(other)) lastTry.set(index, pod);
      if (hasGivenUp(job, pod, backoffLimitPerIndex)) failed.add(index);
    }
  }
  const awaitingRetry = [...lastTry].filter(
    ([index, pod]) =>
      pod.status.phase === "Failed" &&
      isTracked(pod) &&
      !failed.has(index) &&
      !completed.has(index),
  );
  return { failed, awaitingRetry: new Map(awaitingRetry) };
}

/** What the next pod of an index is told of those before it. */
export function failureAnnotations(job: Job, last: Pod | undefined): Record<string, string> {
  if (job.spec.backoffLimitPerIndex === undefined) return {};
  if (last === undefined) return { [FAILURES]: "0" };
  const ignored = judgeFailure(job, last).type === "ignore";
  const before = numberOn(last, IGNORED_FAILURES) + (ignored ? 1 : 0);
  return {
    [FAILURES]: String(numberOn(last, FAILURES) + (ignored ? 0 : 1)),
    ...(before === 0 ? {} : { [IGNORED_FAILURES]: String(before) }),
  };
}

function hasGivenUp(job: Job, pod: Pod, limit: number): boolean {
  if (pod.status.phase !== "Failed") return false;
  const { type } = judgeFailure(job, pod);
  if (type === "ignore") return false;
  return type === "fail-index" || numberOn(pod, FAILURES) + 1 > limit;
}

function triesBefore(pod: Pod): number {
  return numberOn(pod, FAILURES) + numberOn(pod, IGNORED_FAILURES);
}

function numberOn({ metadata }: Pod, annotation: string): number {
  return Number(metadata.annotations?.[annotation] ?? 0);
}
