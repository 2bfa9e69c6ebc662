import type { Pod } from "#embedded/api/objects.ts";
import { JOBS, PODS } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyFrom,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import type { Requeue } from "#embedded/controllers/machinery/work-queue.ts";
import { claimChildren } from "#embedded/controllers/meta/claim-children.ts";
import { matchesSelector } from "#embedded/controllers/meta/label-selector.ts";
import { controllerOf, isControlledBy } from "#embedded/controllers/meta/ownership.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { createPod, deletePod } from "#embedded/controllers/pods/pod-writes.ts";
import { slowStart } from "#embedded/controllers/pods/slow-start.ts";
import {
  finishedCondition,
  isManagedElsewhere,
  JOB_FINALIZER,
  JOB_NAME_LABEL,
  type Job,
} from "./job.ts";
import { countPods, type JobCount, withoutRetries } from "./job-count.ts";
import { indexOf } from "./job-indexes.ts";
import { type JobEnd, jobEnd, jobScale } from "./job-plan.ts";
import { jobPod } from "./job-pod.ts";
import { releasePods, track } from "./job-tracking.ts";
import { LingeringPods } from "./lingering-pods.ts";
import { replacementDueMs } from "./retry-backoff.ts";
import { syncSuspension } from "./suspension.ts";

/** Runs pods until enough of them have succeeded, and counts each of them exactly once. */
export function jobController(): Controller {
  const lingering = new LingeringPods();
  return {
    name: "job-controller",
    workers: 5,
    watches: [watch<Job>(JOBS, (job) => [keyOf(job)]), watch<Pod>(PODS, jobsOf)],
    async reconcile(key, cluster) {
      const { namespace, name } = splitKey(key);
      const job = cluster.caches.of<Job>(JOBS).get(name, namespace);
      if (job !== undefined && isManagedElsewhere(job)) return undefined;
      const all = cluster.caches.of<Pod>(PODS).list(namespace);
      const pods = all.filter((pod) => jobsOf(pod, cluster).includes(key));
      const ours = job === undefined ? [] : await podsOf(job, all, cluster);
      const names = new Set(ours.map(({ metadata }) => metadata.name));
      // Nobody will count the pods of a Job that is gone, or that has let go of them.
      await releasePods(
        pods.filter(({ metadata }) => !names.has(metadata.name)),
        cluster,
      );
      if (job === undefined || job.metadata.deletionTimestamp !== undefined) {
        await releasePods(ours, cluster);
        return undefined;
      }
      if (finishedCondition(job) !== undefined) {
        await releasePods(ours, cluster);
        return expire(job, cluster);
      }
      return advance(started(job, cluster), ours, { lingering, cluster });
    },
  };
}

/** A pod without an owner concerns those who may take it in, and whoever may have left a finalizer on it. */
function jobsOf(pod: Pod, { caches }: Cluster): readonly string[] {
  const { namespace, labels, finalizers } = pod.metadata;
  const owner = controllerOf(pod);
  if (owner !== undefined) return owner.kind === "Job" ? [keyFrom(namespace, owner.name)] : [];
  const name = labels?.[JOB_NAME_LABEL];
  const orphaned = finalizers?.includes(JOB_FINALIZER) === true && name !== undefined;
  const matching = caches
    .of<Job>(JOBS)
    .list(namespace)
    .filter(({ spec }) => spec.selector !== undefined && matchesSelector(spec.selector, labels));
  return [...new Set([...(orphaned ? [keyFrom(namespace, name)] : []), ...matching.map(keyOf)])];
}

/** What a Job controls; one that is over takes nobody in and lets nobody go. */
async function podsOf(job: Job, all: readonly Pod[], cluster: Cluster): Promise<readonly Pod[]> {
  const { selector } = job.spec;
  if (selector === undefined || finishedCondition(job) !== undefined) {
    return all.filter((pod) => isControlledBy(pod, job));
  }
  const claim = { owner: job, selector, resource: PODS, candidates: all, finalizer: JOB_FINALIZER };
  return await claimChildren<Pod>(claim, cluster);
}

/** The time of a Job starts with its first look at it that is not suspended. */
function started(job: Job, { nowMs }: Cluster): Job {
  if (job.status.startTime !== undefined || job.spec.suspend === true) return job;
  return { ...job, status: { ...job.status, startTime: timestamp(nowMs()) } };
}

interface Advance {
  readonly lingering: LingeringPods;
  readonly cluster: Cluster;
}

async function advance(
  job: Job,
  pods: readonly Pod[],
  { lingering, cluster }: Advance,
): Promise<Requeue | undefined> {
  const { nowMs } = cluster;
  if (await syncSuspension(job, cluster)) return undefined; // its own event brings it back
  const leftMs = lingering.observe(pods, nowMs());
  const goesOn = job.spec.suspend !== true && (job.status.conditions ?? []).length === 0;
  const count = countPods(job, pods, (pod) => goesOn && lingering.isLingering(pod));
  const end = jobEnd(job, count, nowMs());
  const settled = end === undefined ? count : withoutRetries(count);
  const scaled = await scale(job, { pods, count, end }, cluster);
  await track(job, { count: settled, end, active: scaled.active, pods }, cluster);
  const deadlineMs = deadlineOf(job) - nowMs();
  const waits = [leftMs, scaled.retryInMs, deadlineMs].filter(
    (wait) => wait !== undefined && Number.isFinite(wait) && wait > 0,
  ) as number[];
  return waits.length === 0 ? undefined : { afterMs: Math.min(...waits) };
}

interface Scaling {
  readonly pods: readonly Pod[];
  readonly count: JobCount;
  readonly end: JobEnd | undefined;
}

async function scale(
  job: Job,
  { pods, count, end }: Scaling,
  cluster: Cluster,
): Promise<{ readonly active: number; readonly retryInMs?: number }> {
  const { active } = count;
  if (end !== undefined || job.spec.suspend === true) {
    const running = active.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    await Promise.all(running.map((pod) => deletePod(pod, job, cluster)));
    return { active: 0 };
  }
  const { create, remove } = jobScale(job, count);
  await Promise.all(remove.map((pod) => deletePod(pod, job, cluster)));
  if (create.length === 0) return { active: active.length - remove.length };
  const { due, retryInMs } = dueNow(job, { create, pods, nowMs: cluster.nowMs() });
  const indexes = [...due];
  await slowStart(due.length, () => {
    const index = indexes.shift();
    const lastTry = count.indexFailures.awaitingRetry.get(index ?? Number.NaN);
    return createPod(jobPod(job, index, lastTry), job, cluster);
  });
  return { active: active.length + due.length, ...(retryInMs > 0 ? { retryInMs } : {}) };
}

interface Creation {
  readonly create: readonly (number | undefined)[];
  readonly pods: readonly Pod[];
  readonly nowMs: number;
}

/** Failures delay all of a Job's new pods, or only those of the same index where these are counted apart. */
function dueNow({ spec }: Job, { create, pods, nowMs }: Creation) {
  const finished = pods.filter(isTerminal);
  const waits = create.map((index) => {
    const apart = spec.backoffLimitPerIndex !== undefined && index !== undefined;
    const related = apart ? finished.filter((pod) => indexOf(pod).includes(index)) : finished;
    return { index, waitMs: replacementDueMs(related) - nowMs };
  });
  const due = waits.filter(({ waitMs }) => waitMs <= 0).map(({ index }) => index);
  const later = waits.map(({ waitMs }) => waitMs).filter((waitMs) => waitMs > 0);
  return { due, retryInMs: later.length === 0 ? 0 : Math.min(...later) };
}

function deadlineOf({ spec, status }: Job): number {
  if (spec.activeDeadlineSeconds === undefined || spec.suspend === true) return Number.NaN;
  return Date.parse(status.startTime ?? "") + spec.activeDeadlineSeconds * 1000;
}

/** Deletes a finished Job when its time to live has run out. */
async function expire(job: Job, { api, nowMs }: Cluster): Promise<Requeue | undefined> {
  const { ttlSecondsAfterFinished } = job.spec;
  const finished = Date.parse(finishedCondition(job)?.lastTransitionTime ?? "");
  if (ttlSecondsAfterFinished === undefined || Number.isNaN(finished)) return undefined;
  const leftMs = finished + ttlSecondsAfterFinished * 1000 - nowMs();
  if (leftMs > 0) return { afterMs: leftMs };
  const { name, namespace = "", uid } = job.metadata;
  await api.delete(JOBS, name, {
    namespace,
    propagationPolicy: "Foreground",
    preconditions: { uid },
  });
  return undefined;
}
