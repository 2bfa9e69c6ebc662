import type { Pod } from "#embedded/api/objects.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { isReady, isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { createPod, deletePod } from "#embedded/controllers/pods/pod-writes.ts";
import { slowStart } from "#embedded/controllers/pods/slow-start.ts";
import type { Job } from "./job.ts";
import type { JobCount } from "./job-count.ts";
import { indexOf } from "./job-indexes.ts";
import { type JobEnd, jobScale } from "./job-plan.ts";
import { jobPod } from "./job-pod.ts";
import { releasePods, type Scaled } from "./job-tracking.ts";
import { dueAfterMs } from "./pod-back-off.ts";

export interface Scaling {
  readonly pods: readonly Pod[];
  readonly count: JobCount;
  readonly end: JobEnd | undefined;
  /** Until when a pod that has failed is not replaced. */
  readonly notBeforeMs: number;
}

/** Creates pods that are missing, or deletes those that are too many. */
export async function scaleJob(
  job: Job,
  scaling: Scaling,
  cluster: Cluster,
): Promise<Scaled & { readonly retryInMs?: number }> {
  const { count, end } = scaling;
  const { active, terminating } = count;
  const { create, remove } = jobScale(job, count);
  const suspended = end === undefined && job.spec.suspend === true;
  const leaving = end !== undefined || suspended ? active : remove;
  // What is taken away is not counted: it has neither succeeded nor failed. At the end the rest is.
  if (end === undefined) await releasePods(leaving, cluster);
  await Promise.all(leaving.map((pod) => deletePod(pod, job, cluster)));
  const staying = active.filter((pod) => !leaving.includes(pod));
  const scaled = {
    active: staying.length,
    ready: staying.filter(isReady).length,
    terminating: terminating.length + leaving.length,
  };
  if (end !== undefined || suspended || create.length === 0) return scaled;
  const { due, retryInMs } = dueNow(job, create, scaling, cluster.nowMs());
  // Kubernetes says 0 here, and the API refuses it while others are ready; so it does not note the failure
  // of a pod that terminates beside them, and counts how that pod has ended.
  if (due.length === 0) return { ...scaled, active: 0, retryInMs };
  const indexes = [...due];
  await slowStart(due.length, () => {
    const index = indexes.shift();
    const lastTry = count.indexFailures.awaitingRetry.get(index ?? Number.NaN);
    return createPod(jobPod(job, index, lastTry), job, cluster);
  });
  const started = scaled.active + due.length;
  return { ...scaled, active: started, ...(retryInMs > 0 ? { retryInMs } : {}) };
}

/** Failures delay all of a Job's new pods, or only those of the same index where these are counted apart. */
function dueNow(
  { spec }: Job,
  create: readonly (number | undefined)[],
  { pods, notBeforeMs }: Scaling,
  nowMs: number,
) {
  const waits = create.map((index) => {
    const apart = spec.backoffLimitPerIndex !== undefined && index !== undefined;
    const own = apart ? pods.filter((pod) => isTerminal(pod) && indexOf(pod).includes(index)) : [];
    return { index, waitMs: (apart ? dueAfterMs(own) : notBeforeMs) - nowMs };
  });
  const due = waits.filter(({ waitMs }) => waitMs <= 0).map(({ index }) => index);
  const later = waits.map(({ waitMs }) => waitMs).filter((waitMs) => waitMs > 0);
  return { due, retryInMs: later.length === 0 ? 0 : Math.min(...later) };
}
