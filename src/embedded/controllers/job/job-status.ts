import type { Condition } from "#embedded/api/objects.ts";
import { omitEmpty } from "#embedded/controllers/meta/omit-empty.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import type { Job, JobStatus } from "./job.ts";
import type { JobCount } from "./job-count.ts";
import { formatIndexes } from "./job-indexes.ts";
import type { JobEnd } from "./job-plan.ts";

/** What changed while the pods were counted: how many are active now, and what was decided. */
export interface StatusChange {
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
  readonly conditions: readonly Condition[];
}

/** The status with the newly finished pods noted by their uids, not in the numbers yet. */
export function notingStatus(job: Job, count: JobCount, change: StatusChange): JobStatus {
  const { status, spec } = job;
  const uids = (pods: JobCount["newlyFailed"]) => pods.map(({ metadata }) => metadata.uid);
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  // An index is done once, however often its pods succeed: their uids need not be remembered.
  const indexed = spec.completionMode === "Indexed";
  return orderedStatus(status, {
    ...change,
    succeeded: indexed ? count.completedIndexes.size : (status.succeeded ?? 0),
    failed: status.failed ?? 0,
    uncounted: {
      succeeded: [...succeeded, ...(indexed ? [] : uids(count.newlySucceeded))],
      failed: [...failed, ...uids(count.newlyFailed)],
    },
    completedIndexes: indexed ? formatIndexes(count.completedIndexes) : "",
    failedIndexes:
      spec.backoffLimitPerIndex === undefined
        ? undefined
        : formatIndexes(count.indexFailures.failed),
  });
}

/** The status after the noted pods have lost their finalizers: the uids have become numbers. */
export function countedStatus({ status }: Job, change: StatusChange): JobStatus {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  return orderedStatus(status, {
    ...change,
    succeeded: (status.succeeded ?? 0) + succeeded.length,
    failed: (status.failed ?? 0) + failed.length,
    uncounted: { succeeded: [], failed: [] },
    completedIndexes: status.completedIndexes ?? "",
    failedIndexes: status.failedIndexes,
  });
}

/** First it is told that the Job will end, and how; the end itself comes after all pods have ended. */
export function announcement(end: JobEnd, nowMs: number): Condition {
  const type = end.type === "Complete" ? "SuccessCriteriaMet" : "FailureTarget";
  return jobCondition(type, end, nowMs);
}

/** A condition that holds from now on. */
export function jobCondition(
  type: string,
  { reason, message }: Pick<JobEnd, "reason" | "message">,
  nowMs: number,
): Condition {
  const at = timestamp(nowMs);
  return { type, status: "True", lastProbeTime: at, lastTransitionTime: at, reason, message };
}

interface Numbers extends StatusChange {
  readonly succeeded: number;
  readonly failed: number;
  readonly uncounted: { readonly succeeded: string[]; readonly failed: string[] };
  readonly completedIndexes: string;
  /** Told, be it empty, of every Job that limits failures by index. */
  readonly failedIndexes: string | undefined;
}

function orderedStatus(before: JobStatus, numbers: Numbers): JobStatus {
  const { active, ready, terminating, conditions, completedIndexes, uncounted } = numbers;
  const { failedIndexes } = numbers;
  return {
    ...omitEmpty({
      conditions: [...conditions],
      startTime: before.startTime,
      completionTime: before.completionTime,
      active,
      succeeded: numbers.succeeded,
      failed: numbers.failed,
    }),
    terminating,
    ...omitEmpty({ completedIndexes }),
    ...(failedIndexes === undefined ? {} : { failedIndexes }),
    uncountedTerminatedPods: omitEmpty(uncounted),
    ready,
  };
}
