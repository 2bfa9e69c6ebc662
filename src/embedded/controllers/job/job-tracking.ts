import { isDeepStrictEqual } from "node:util";
import { isNotFound } from "#embedded/api/api-error.ts";
import type { Pod } from "#embedded/api/objects.ts";
import { JOBS, PODS } from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { finishedCondition, JOB_FINALIZER, type Job } from "./job.ts";
import type { JobCount } from "./job-count.ts";
import type { JobEnd } from "./job-plan.ts";
import {
  addCondition,
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
  /** How many pods are active now. */
  readonly active: number;
}

/** Notes what has finished, lets it go, counts it; the end comes when nothing is left to count. */
export async function track(
  job: Job,
  { count, end, active, pods }: Tracking,
  cluster: Cluster,
): Promise<void> {
  const nowMs = cluster.nowMs();
  const announced =
    end === undefined
      ? (job.status.conditions ?? [])
      : addCondition(job.status.conditions, announcement(end, nowMs));
  const change: StatusChange = {
    active,
    ready: active === 0 ? 0 : count.ready,
    terminating: count.terminating.length,
    conditions: announced,
  };
  const stored = cluster.caches.of<Job>(JOBS).get(job.metadata.name, job.metadata.namespace) ?? job;
  let current = await write(stored, notingStatus(job, count, change), cluster);
  const noted = current.status.uncountedTerminatedPods ?? {};
  const uids = new Set([...(noted.succeeded ?? []), ...(noted.failed ?? [])]);
  const done = pods.filter(({ metadata }) => uids.has(metadata.uid));
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
  const conditions = addCondition(status.conditions, jobCondition(end.type, end, nowMs()));
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
export async function releasePods(pods: readonly Pod[], { api }: Cluster): Promise<void> {
  for (const { metadata } of pods) {
    const { name, namespace = "", uid, finalizers = [] } = metadata;
    if (!finalizers.includes(JOB_FINALIZER)) continue;
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
}
