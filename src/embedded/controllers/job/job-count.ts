import type { Pod } from "#embedded/api/objects.ts";
import { isActive, isTerminating } from "#embedded/controllers/pods/pod-state.ts";
import { judgeFailure } from "./failure-policy.ts";
import { type IndexFailures, indexFailures } from "./index-failures.ts";
import { isTracked, type Job, replacesOnlyFailed } from "./job.ts";
import { indexOf, parseIndexes } from "./job-indexes.ts";

/**
 * A Job's pods, sorted. A finished pod keeps a finalizer until it is counted, so that none is counted
 * twice or never, whoever deletes it:
 *
 *   finished ──► uid in status.uncountedTerminatedPods ──► finalizer removed ──► number raised
 */
export interface JobCount {
  readonly active: readonly Pod[];
  readonly terminating: readonly Pod[];
  /** Pods that have succeeded or failed and still have their finalizer. */
  readonly newlySucceeded: readonly Pod[];
  readonly newlyFailed: readonly Pod[];
  /** Failed, but the failure policy says that it does not count. */
  readonly ignored: readonly Pod[];
  readonly failJob: string | undefined;
  /** Of all finished pods, counted or not. */
  readonly succeeded: number;
  readonly failed: number;
  readonly completedIndexes: ReadonlySet<number>;
  readonly indexFailures: IndexFailures;
}

/**
 * A pod that is deleted while it runs has failed, whatever it will exit with, unless the Job waits for how
 * its pods end.
 */
export function countPods(job: Job, pods: readonly Pod[]): JobCount {
  const { status } = job;
  const active = pods.filter(isActive);
  const tracked = pods.filter(isTracked);
  const uncounted = status.uncountedTerminatedPods ?? {};
  const isUncounted = ({ metadata }: Pod) =>
    uncounted.succeeded?.includes(metadata.uid) === true ||
    uncounted.failed?.includes(metadata.uid) === true;
  const completedIndexes = new Set([
    ...parseIndexes(status.completedIndexes),
    ...pods.filter((pod) => pod.status.phase === "Succeeded").flatMap(indexOf),
  ]);
  const byIndex = indexFailures(job, pods, completedIndexes);
  const waiting = new Set(byIndex.awaitingRetry.values());
  const finished = tracked.filter((pod) => !isUncounted(pod) && !waiting.has(pod));
  const newlySucceeded = finished.filter((pod) => pod.status.phase === "Succeeded");
  const allFailed = finished.filter(
    (pod) => pod.status.phase === "Failed" || (isTerminating(pod) && !replacesOnlyFailed(job)),
  );
  const verdicts = allFailed.map((pod) => ({ pod, verdict: judgeFailure(job, pod) }));
  const ignored = verdicts.filter(({ verdict }) => verdict.type === "ignore");
  const counted = verdicts.filter(({ verdict }) => verdict.type !== "ignore");
  const fatal = verdicts.map(({ verdict }) => verdict).find(({ type }) => type === "fail-job");
  return {
    active,
    terminating: pods.filter(isTerminating),
    newlySucceeded,
    newlyFailed: counted.map(({ pod }) => pod),
    ignored: ignored.map(({ pod }) => pod),
    failJob: fatal?.type === "fail-job" ? fatal.message : undefined,
    succeeded: (status.succeeded ?? 0) + (uncounted.succeeded?.length ?? 0) + newlySucceeded.length,
    failed: (status.failed ?? 0) + (uncounted.failed?.length ?? 0) + counted.length,
    completedIndexes,
    indexFailures: byIndex,
  };
}

/** When the Job ends nothing is tried again, and the pods that were kept for that are counted. */
export function withoutRetries(count: JobCount): JobCount {
  const kept = [...count.indexFailures.awaitingRetry.values()]; // none of them is counted yet
  return {
    ...count,
    newlyFailed: [...count.newlyFailed, ...kept],
    failed: count.failed + kept.length,
    indexFailures: { ...count.indexFailures, awaitingRetry: new Map() },
  };
}
