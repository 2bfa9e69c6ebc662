import type { ClusterView } from "#domain/cluster-view.ts";
import { HarnessError } from "#domain/errors.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { describeProgress } from "./describe-trouble.ts";

/** What was waited for in vain; `from` names it: `deletion of 2 pod(s)`. */
interface Waited {
  readonly workload: WorkloadRef;
  readonly from: string;
  readonly limitMs: number;
  /** What is known beyond the workload's progress, such as who is still there. */
  readonly remaining?: string;
  readonly hint: string;
}

/** The workload did not get over what was done to it in time: an error, because the run cannot go on to ask anything. */
export function podsNotReplaced(
  { workload, from, limitMs, remaining = "", hint }: Waited,
  view: ClusterView,
): HarnessError {
  return new HarnessError(
    "PODS_NOT_REPLACED",
    `${workload.name} had not recovered from ${from} after ${limitMs / 1000} s: ${describeProgress(view)}${remaining}.`,
    { hint },
  );
}
