import type { Pod } from "#embedded/api/objects.ts";
import { type Job, replacesOnlyFailed } from "./job.ts";
import type { JobCount } from "./job-count.ts";
import { indexOf } from "./job-indexes.ts";
import { metSuccessRule } from "./success-policy.ts";

/** How a Job ends, once its pods have. */
export interface JobEnd {
  readonly type: "Complete" | "Failed";
  readonly reason: string;
  readonly message: string;
}

const COMPLETED: JobEnd = {
  type: "Complete",
  reason: "CompletionsReached",
  message: "Reached expected number of succeeded pods",
};

/** Why the Job is over, or undefined when it is not. */
export function jobEnd(job: Job, count: JobCount, nowMs: number): JobEnd | undefined {
  const { spec, status } = job;
  const announced = status.conditions?.find(
    ({ type, status: value }) =>
      value === "True" && (type === "FailureTarget" || type === "SuccessCriteriaMet"),
  );
  if (announced?.type === "SuccessCriteriaMet") {
    const { reason = "", message = "" } = announced;
    return { type: "Complete", reason, message };
  }
  if (announced !== undefined) return failed(announced.reason ?? "", announced.message ?? "");
  if (count.failJob !== undefined) return failed("PodFailurePolicy", count.failJob);
  if (isOverBackoffLimit(job, count)) {
    return failed("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  }
  const startedMs = Date.parse(status.startTime ?? "");
  const { activeDeadlineSeconds, suspend } = spec;
  if (activeDeadlineSeconds !== undefined && suspend !== true) {
    if (nowMs >= startedMs + activeDeadlineSeconds * 1000) {
      return failed("DeadlineExceeded", "Job was active longer than specified deadline");
    }
  }
  return endByIndexes(job, count) ?? (isComplete(job, count) ? COMPLETED : undefined);
}

function endByIndexes({ spec }: Job, count: JobCount): JobEnd | undefined {
  const { completedIndexes, indexFailures } = count;
  const given = indexFailures.failed.size;
  if (given > (spec.maxFailedIndexes ?? Number.POSITIVE_INFINITY)) {
    const message = "Job has exceeded the specified maximal number of failed indexes";
    return failed("MaxFailedIndexesExceeded", message);
  }
  if (given > 0 && given + completedIndexes.size >= (spec.completions ?? 0)) {
    return failed("FailedIndexes", "Job has failed indexes");
  }
  const rule = metSuccessRule(spec, completedIndexes);
  if (rule === undefined) return undefined;
  return { type: "Complete", reason: "SuccessPolicy", message: `Matched rules at index ${rule}` };
}

function failed(reason: string, message: string): JobEnd {
  return { type: "Failed", reason, message };
}

function isComplete({ spec }: Job, { succeeded, active, completedIndexes }: JobCount): boolean {
  if (spec.completions === undefined) {
    // A work queue is done when one pod says so by success and the others have ended too.
    return succeeded > 0 && active.length === 0;
  }
  const done = spec.completionMode === "Indexed" ? completedIndexes.size : succeeded;
  return done >= spec.completions;
}

function isOverBackoffLimit({ spec }: Job, { failed: failures, active }: JobCount): boolean {
  const limit = spec.backoffLimit ?? 6;
  if (failures > limit) return true;
  if (spec.template.spec.restartPolicy !== "OnFailure") return false;
  const restarts = active
    .flatMap(({ status }) => [
      ...(status.initContainerStatuses ?? []),
      ...(status.containerStatuses ?? []),
    ])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

export interface JobScale {
  /** One entry per pod to create: its completion index, or undefined when it has none. */
  readonly create: readonly (number | undefined)[];
  readonly remove: readonly Pod[];
}

/** How many pods to add or to take away. A Job that waits for the full end of its pods counts those too. */
export function jobScale(job: Job, count: JobCount): JobScale {
  const { spec } = job;
  const { active, terminating, succeeded, completedIndexes } = count;
  const given = count.indexFailures.failed;
  const parallelism = spec.parallelism ?? 1;
  const { completions } = spec;
  const open =
    completions === undefined
      ? succeeded > 0
        ? active.length
        : parallelism
      : Math.min(
          parallelism,
          completions -
            (spec.completionMode === "Indexed" ? completedIndexes.size + given.size : succeeded),
        );
  const wanted = Math.max(0, open);
  if (active.length > wanted) return { create: [], remove: active.slice(wanted) };
  const waiting = replacesOnlyFailed(job) ? terminating.length : 0;
  const missing = Math.max(0, wanted - active.length - waiting);
  if (spec.completionMode !== "Indexed") {
    return { create: Array.from({ length: missing }, () => undefined), remove: [] };
  }
  const taken = new Set([...completedIndexes, ...given, ...active.flatMap(indexOf)]);
  const free = Array.from({ length: completions ?? 0 }, (_, index) => index);
  return { create: free.filter((index) => !taken.has(index)).slice(0, missing), remove: [] };
}
