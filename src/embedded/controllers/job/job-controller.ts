import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import { JOBS, PODS } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyFrom,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import type { Change } from "#embedded/controllers/machinery/informer.ts";
import type { Requeue } from "#embedded/controllers/machinery/work-queue.ts";
import { claimChildren } from "#embedded/controllers/meta/claim-children.ts";
import { matchesSelector } from "#embedded/controllers/meta/label-selector.ts";
import { controllerOf, isControlledBy } from "#embedded/controllers/meta/ownership.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { isReady, isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import {
  finishedCondition,
  isManagedElsewhere,
  isTracked,
  JOB_FINALIZER,
  JOB_NAME_LABEL,
  type Job,
} from "./job.ts";
import { countPods, withoutRetries } from "./job-count.ts";
import { jobEnd } from "./job-plan.ts";
import { releasePods, track } from "./job-tracking.ts";
import { type Failures, failuresAfter, NO_FAILURES, replacementDueMs } from "./pod-back-off.ts";
import { scaleJob } from "./scale-job.ts";
import { suspensionOf } from "./suspension.ts";

/** What Kubernetes waits for more news of a Job's pods, and before it tries again what was refused. */
const BATCH_MS = 1_000;

/** Runs pods until enough of them have succeeded, and counts each of them exactly once. */
export function jobController(): Controller {
  /** Of each Job by its key: pods that are gone by now count, too. */
  const failures = new Map<string, Failures>();
  return {
    name: "job-controller",
    workers: 5,
    firstRetryMs: BATCH_MS,
    watches: [
      watch<Job>(JOBS, (job) => [keyOf(job)], batchMsOf),
      watch<Pod>(PODS, jobsOf, podBatchMsOf),
    ],
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
      if (job === undefined) {
        failures.delete(key);
        return undefined;
      }
      if (finishedCondition(job) !== undefined) {
        await releasePods(ours, cluster);
        return expire(job, cluster);
      }
      if (job.metadata.deletionTimestamp !== undefined) return letGo(job, ours, cluster);
      return advance(started(job, cluster), ours, failures, cluster);
    },
  };
}

/** What a Job's status says changes with every pod; what is wanted of it, and its end, are looked at at once. */
function batchMsOf({ type, object, previous }: Change<KubeObject>): number {
  const isNews = previous?.metadata.generation !== object.metadata.generation;
  return isNews || type !== "MODIFIED" || finishedCondition(object as Job) !== undefined
    ? 0
    : BATCH_MS;
}

/** A pod under deletion is counted before its node removes it, which is quicker here than a real one. */
function podBatchMsOf({ object }: Change<KubeObject>): number {
  const pod = object as Pod;
  return isTerminal(pod) && pod.metadata.deletionTimestamp !== undefined ? 0 : BATCH_MS;
}

/** A pod without an owner concerns those who may take it in, and whoever may have left a finalizer on it. */
function jobsOf(pod: Pod, { caches }: Cluster): readonly string[] {
  const { namespace, labels } = pod.metadata;
  const owner = controllerOf(pod);
  if (owner !== undefined) return owner.kind === "Job" ? [keyFrom(namespace, owner.name)] : [];
  const name = labels?.[JOB_NAME_LABEL];
  const orphaned = isTracked(pod) && name !== undefined;
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

/** A Job that waits for its pods to be deleted tells how many are left. */
async function letGo(job: Job, pods: readonly Pod[], cluster: Cluster): Promise<undefined> {
  const count = countPods(job, pods);
  const { active, terminating } = count;
  const ready = active.filter(isReady).length;
  const scaled = { active: active.length, ready, terminating: terminating.length };
  await track(job, { count, end: undefined, scaled, pods, onNoted: () => undefined }, cluster);
}

/** The time of a Job starts with its first look at it that is not suspended. */
function started(job: Job, { nowMs }: Cluster): Job {
  if (job.status.startTime !== undefined || job.spec.suspend === true) return job;
  return { ...job, status: { ...job.status, startTime: timestamp(nowMs()) } };
}

async function advance(
  unmarked: Job,
  pods: readonly Pod[],
  known: Map<string, Failures>,
  cluster: Cluster,
): Promise<Requeue | undefined> {
  const { nowMs } = cluster;
  const key = keyOf(unmarked);
  const { job, tell } = suspensionOf(unmarked, nowMs());
  const count = countPods(job, pods);
  const end = jobEnd(job, count, nowMs());
  const { newlySucceeded, newlyFailed, ignored } = count;
  const before = known.get(key) ?? NO_FAILURES;
  const failures = failuresAfter(before, newlySucceeded, [...newlyFailed, ...ignored]);
  const notBeforeMs = replacementDueMs(failures);
  const scaled = await scaleJob(job, { pods, count, end, notBeforeMs }, cluster);
  const settled = end === undefined ? count : withoutRetries(count);
  // Failures that are not noted in the status are counted again at the next look.
  const onNoted = () => known.set(key, failures);
  await track(job, { count: settled, end, scaled, pods, onNoted }, cluster);
  tell(cluster.record);
  const waits = [scaled.retryInMs, deadlineOf(job) - nowMs()].filter(
    (wait) => wait !== undefined && Number.isFinite(wait) && wait > 0,
  ) as number[];
  return waits.length === 0 ? undefined : { afterMs: Math.min(...waits) };
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
