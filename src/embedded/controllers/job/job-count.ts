import type { Pod } from "#embedded/api/objects.ts";
import { isActive, isReady, isTerminating } from "#embedded/controllers/pods/pod-state.ts";
import { judgeFailure } from "./failure-policy.ts";
import { INDEX_ANNOTATION, JOB_FINALIZER, type Job } from "./job.ts";

/**
 * A Job's pods, sorted. A finished pod keeps a finalizer until it is counted, so that none is counted
 * twice or never, whoever deletes it:
 *
 *   finished ──► uid in status.uncountedTerminatedPods ──► finalizer removed ──► number raised
 */
export interface JobCount {
  readonly active: readonly Pod[];
  readonly terminating: readonly Pod[];
  readonly ready: number;
  /** Finished pods that still have their finalizer. */
  readonly newlySucceeded: readonly Pod[];
  readonly newlyFailed: readonly Pod[];
  /** Failed, but the failure policy says that it does not count. */
  readonly ignored: readonly Pod[];
  readonly failJob: string | undefined;
  /** Of all finished pods, counted or not. */
  readonly succeeded: number;
  readonly failed: number;
  readonly completedIndexes: ReadonlySet<number>;
}

/**
 * `isLingering` says of a terminating pod that it has been so only briefly: it counts as active until then,
 * so that a pod that ends quickly is not replaced before it has ended.
 */
export function countPods(
  job: Job,
  pods: readonly Pod[],
  isLingering: (pod: Pod) => boolean,
): JobCount {
  const { status } = job;
  const active = pods.filter((pod) => isActive(pod) || (isTerminating(pod) && isLingering(pod)));
  const tracked = pods.filter(({ metadata }) => metadata.finalizers?.includes(JOB_FINALIZER));
  const uncounted = status.uncountedTerminatedPods ?? {};
  const isUncounted = ({ metadata }: Pod) =>
    uncounted.succeeded?.includes(metadata.uid) === true ||
    uncounted.failed?.includes(metadata.uid) === true;
  const finished = tracked.filter((pod) => !isUncounted(pod));
  const newlySucceeded = finished.filter((pod) => pod.status.phase === "Succeeded");
  const allFailed = finished.filter((pod) => pod.status.phase === "Failed");
  const verdicts = allFailed.map((pod) => ({ pod, verdict: judgeFailure(job, pod) }));
  const ignored = verdicts.filter(({ verdict }) => verdict.type === "ignore");
  const counted = verdicts.filter(({ verdict }) => verdict.type !== "ignore");
  const fatal = verdicts.map(({ verdict }) => verdict).find(({ type }) => type === "fail-job");
  return {
    active,
    terminating: pods.filter((pod) => isTerminating(pod) && !isLingering(pod)),
    ready: active.filter(isReady).length,
    newlySucceeded,
    newlyFailed: counted.map(({ pod }) => pod),
    ignored: ignored.map(({ pod }) => pod),
    failJob: fatal?.type === "fail-job" ? fatal.message : undefined,
    succeeded: (status.succeeded ?? 0) + (uncounted.succeeded?.length ?? 0) + newlySucceeded.length,
    failed: (status.failed ?? 0) + (uncounted.failed?.length ?? 0) + counted.length,
    completedIndexes: new Set([
      ...parseIndexes(status.completedIndexes),
      ...pods.filter((pod) => pod.status.phase === "Succeeded").flatMap(indexOf),
    ]),
  };
}

/** The completion index of a pod of an Indexed Job. */
export function indexOf({ metadata }: Pod): readonly number[] {
  const index = metadata.annotations?.[INDEX_ANNOTATION];
  return index === undefined ? [] : [Number(index)];
}

/** `0-2,5` as numbers. */
export function parseIndexes(text = ""): readonly number[] {
  return text
    .split(",")
    .filter((part) => part !== "")
    .flatMap((part) => {
      const [first = 0, last = first] = part.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
    });
}

/** Numbers as `0-2,5`. */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const ranges: { first: number; last: number }[] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range !== undefined && range.last === index - 1) range.last = index;
    else ranges.push({ first: index, last: index });
  }
  return ranges
    .map(({ first, last }) => {
      if (first === last) return String(first);
      return last === first + 1 ? `${first},${last}` : `${first}-${last}`;
    })
    .join(",");
}
