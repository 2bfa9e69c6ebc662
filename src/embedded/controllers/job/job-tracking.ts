import { isDeepStrictEqual } from "node:util";
import { isNotFound } from "#embedded/api/api-error.ts";
import type { Pod } from "#embedded/api/objects.ts";
import { JOBS, PODS } from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { withCondition } from "#embedded/controllers/meta/conditions.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { finishedCondition, isTracked, JOB_FINALIZER, type Job } from "./job.ts";
import type { JobCount } from "./job-count.ts";
import type { JobEnd } from "./job-plan.ts";
import {
  announcement,
  countedStatus,
  jobCondition,
  notingStatus,
  type StatusChange,
} from "./job-status.ts";

/** What became of a Job's pods, and of the Job, in one reconciliation. */
export interface Tracking {
  readonly pods: readonly Pod[];
  readonly count: JobCount;
  readonly end: JobEnd | undefined;
  /** What was done about their number. */
  readonly scaled: Scaled;
  /** What has newly finished is in the status now. */
  readonly onNoted: () => void;
}

/** How many pods are active and terminating after a Job was scaled, and ready among the active ones. */
export interface Scaled {
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
}

/** Notes what has finished, lets it go, counts it; the end comes when nothing is left to count. */
export async function track(
  job: Job,
  { count, end, scaled, pods, onNoted }: Tracking,
  cluster: Cluster,
): Promise<void> {
  const nowMs = cluster.nowMs();
  const announced =
    end === undefined
      ? (job.status.conditions ?? [])
      : withCondition(job.status.conditions, announcement(end, nowMs));
  const change: StatusChange = {
    ...{ active: scaled.active, ready: scaled.ready, terminating: scaled.terminating },
    conditions: announced,
  };
  // What still runs when a Job fails has failed with it.
  const counted =
    end?.type === "Failed"
      ? { ...count, newlyFailed: [...count.newlyFailed, ...count.active.filter(isTracked)] }
      : count;
  const stored = cluster.caches.of<Job>(JOBS).get(job.metadata.name, job.metadata.namespace) ?? job;
  let current = await write(stored, notingStatus(job, counted, change), cluster);
  onNoted();
  const noted = current.status.uncountedTerminatedPods ?? {};
  const uids = new Set([...(noted.succeeded ?? []), ...(noted.failed ?? [])]);
  const isOver = end !== undefined || job.metadata.deletionTimestamp !== undefined;
  const done = pods.filter(
    (pod) => isOver || uids.has(pod.metadata.uid) || count.newlySucceeded.includes(pod),
  );
  await releasePods([...done, ...count.ignored], cluster);
  if (uids.size > 0)
    current = await write(current, countedFor(current, { change, end, pods }, cluster), cluster);
  else if (end !== undefined)
    current = await write(current, endedFor(current, { change, end, pods }, cluster), cluster);
  const finished = finishedCondition(current);
  if (finished !== undefined) tellEnd(current, finished.type === "Complete", finished, cluster);
}

interface Ending {
  readonly change: StatusChange;
  readonly end: JobEnd | undefined;
  readonly pods: readonly Pod[];
}

function countedFor(job: Job, ending: Ending, cluster: Cluster): Job["status"] {
  const status = countedStatus(job, ending.change);
  return endedFor({ ...job, status }, ending, cluster);
}

/** Over, and told so: but not before the last pod has ended. */
function endedFor(job: Job, { end, pods }: Ending, { nowMs }: Cluster): Job["status"] {
  const { status } = job;
  if (end === undefined || pods.some((pod) => !isTerminal(pod))) return status;
  const conditions = withCondition(status.conditions, jobCondition(end.type, end, nowMs()));
  const completed = end.type === "Complete" ? { completionTime: timestamp(nowMs()) } : {};
  return { ...status, ...completed, conditions };
}

async function write(job: Job, status: Job["status"], { api }: Cluster): Promise<Job> {
  if (isDeepStrictEqual(status, job.status)) return job;
  return api.update<Job>(JOBS, { ...job, status }, "status");
}

function tellEnd(
  job: Job,
  completed: boolean,
  { reason = "", message = "" }: { readonly reason?: string; readonly message?: string },
  { record }: Cluster,
): void {
  if (completed) record(job, { type: "Normal", reason: "Completed", message: "Job completed" });
  else record(job, { type: "Warning", reason, message });
}

/** Takes away the finalizer that kept the pods for counting. */
export async function releasePods(pods: readonly Pod[], cluster: Cluster): Promise<void> {
  await Promise.all(pods.filter(isTracked).map((pod) => release(pod, cluster)));
}

async function release({ metadata }: Pod, { api }: Cluster): Promise<void> {
  const { name, namespace = "", uid, finalizers = [] } = metadata;
  const kept = finalizers.filter((finalizer) => finalizer !== JOB_FINALIZER);
  try {
    await api.patch<Pod>(PODS, {
      name,
      namespace,
      type: "merge",
      body: { metadata: { uid, finalizers: kept.length === 0 ? null : kept } },
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
