import { isDeepStrictEqual } from "node:util";
import { ApiError } from "#embedded/api/api-error.ts";
import { CRON_JOBS, JOBS } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyFrom,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import { finishedCondition, type Job } from "#embedded/controllers/job/job.ts";
import type { Requeue } from "#embedded/controllers/machinery/work-queue.ts";
import {
  controllerOf,
  controllerReference,
  isControlledBy,
} from "#embedded/controllers/meta/ownership.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import type { CronJob, JobReference } from "./cron-job.ts";
import { type CronSchedule, parseCronSchedule } from "./cron-schedule.ts";
import { latestTimeMs, nextTimeMs } from "./schedule-times.ts";

/** Starts a Job at each time of a schedule, and forgets the old ones. */
export const cronJobController: Controller = {
  name: "cronjob-controller",
  workers: 2,
  watches: [
    watch<CronJob>(CRON_JOBS, (cronJob) => [keyOf(cronJob)]),
    watch<Job>(JOBS, (job) => {
      const owner = controllerOf(job);
      return owner?.kind === "CronJob" ? [keyFrom(job.metadata.namespace, owner.name)] : [];
    }),
  ],
  reconcile: reconcileCronJob,
};

async function reconcileCronJob(key: string, cluster: Cluster): Promise<Requeue | undefined> {
  const { namespace, name } = splitKey(key);
  const cronJob = cluster.caches.of<CronJob>(CRON_JOBS).get(name, namespace);
  if (cronJob === undefined || cronJob.metadata.deletionTimestamp !== undefined) return undefined;
  const jobs = cluster.caches
    .of<Job>(JOBS)
    .list(namespace)
    .filter((job) => isControlledBy(job, cronJob));
  await trimHistory(cronJob, jobs, cluster);
  const current = await syncFinished(cronJob, jobs, cluster);
  if (current.spec.suspend === true) return undefined;
  const schedule = parseCronSchedule(current.spec.schedule);
  if (schedule === undefined) {
    const message = `unparseable schedule: "${current.spec.schedule}"`;
    cluster.record(current, { type: "Warning", reason: "UnParseableCronJobSchedule", message });
    return undefined;
  }
  await startDue(current, schedule, { jobs, cluster });
  const nowMs = cluster.nowMs();
  const nextMs = nextTimeMs(schedule, nowMs, zoneOf(current));
  return nextMs === undefined ? undefined : { afterMs: nextMs - nowMs };
}

function zoneOf({ spec }: CronJob): string {
  return spec.timeZone ?? "UTC";
}

interface Starting {
  readonly jobs: readonly Job[];
  readonly cluster: Cluster;
}

/** Of several times that were missed only the latest is made up for, unless it is too late for it as well. */
async function startDue(
  cronJob: CronJob,
  schedule: CronSchedule,
  { jobs, cluster }: Starting,
): Promise<void> {
  const { metadata, spec, status } = cronJob;
  const nowMs = cluster.nowMs();
  const lastMs = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp);
  const deadlineMs = (spec.startingDeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const afterMs = Math.max(lastMs, nowMs - deadlineMs);
  const dueMs = latestTimeMs(schedule, { afterMs, untilMs: nowMs, timeZone: zoneOf(cronJob) });
  if (dueMs === undefined) return;
  const active = jobs.filter((job) => finishedCondition(job) === undefined);
  if (active.length > 0 && spec.concurrencyPolicy === "Forbid") {
    const message =
      "Not starting job because prior execution is running and concurrency policy is Forbid";
    cluster.record(cronJob, { type: "Normal", reason: "JobAlreadyActive", message });
    return;
  }
  if (spec.concurrencyPolicy === "Replace") {
    for (const job of active) await deleteJob(job, cronJob, cluster);
  }
  const started = await createJob(cronJob, dueMs, cluster);
  const kept = spec.concurrencyPolicy === "Replace" ? [] : (status?.active ?? []);
  const references = started === undefined ? kept : [...kept, referenceTo(started)];
  await cluster.api.update<CronJob>(
    CRON_JOBS,
    {
      ...cronJob,
      status: { ...status, active: references, lastScheduleTime: timestamp(dueMs) },
    },
    "status",
  );
}

/** Undefined when the Job of that time exists already: its name carries the minute. */
async function createJob(
  cronJob: CronJob,
  dueMs: number,
  { api, record }: Cluster,
): Promise<Job | undefined> {
  const { name, namespace = "" } = cronJob.metadata;
  const { metadata, spec } = cronJob.spec.jobTemplate;
  try {
    const job = await api.create<Job>(JOBS, {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: `${name}-${Math.floor(dueMs / 60_000)}`,
        namespace,
        labels: { ...metadata?.labels },
        annotations: {
          ...metadata?.annotations,
          "batch.kubernetes.io/cronjob-scheduled-timestamp": timestamp(dueMs),
        },
        ownerReferences: [controllerReference(cronJob)],
      },
      spec: structuredClone(spec),
    });
    const message = `Created job ${job.metadata.name}`;
    record(cronJob, { type: "Normal", reason: "SuccessfulCreate", message });
    return job;
  } catch (error) {
    if (error instanceof ApiError && error.reason === "AlreadyExists") return undefined;
    const message = `Error creating job: ${error instanceof Error ? error.message : String(error)}`;
    record(cronJob, { type: "Warning", reason: "FailedCreate", message });
    throw error;
  }
}

/** Takes Jobs that have finished, or are gone, off the list of the active ones. */
async function syncFinished(
  cronJob: CronJob,
  jobs: readonly Job[],
  { api, record }: Cluster,
): Promise<CronJob> {
  const status = cronJob.status ?? {};
  const active = (status.active ?? []).filter(({ uid, name }) => {
    const job = jobs.find(({ metadata }) => metadata.uid === uid);
    if (job === undefined) {
      const message = `Active job went missing: ${name}`;
      record(cronJob, { type: "Normal", reason: "MissingJob", message });
    }
    const condition = job === undefined ? undefined : finishedCondition(job);
    if (job !== undefined && condition !== undefined) {
      const message = `Saw completed job: ${job.metadata.name}, condition: ${condition.type}`;
      record(cronJob, { type: "Normal", reason: "SawCompletedJob", message });
    }
    return job !== undefined && condition === undefined;
  });
  for (const job of jobs) {
    if (finishedCondition(job) !== undefined || isListed(job, status)) continue;
    const message = `Saw a job that the controller did not create or forgot: ${job.metadata.name}`;
    record(cronJob, { type: "Warning", reason: "UnexpectedJob", message });
  }
  const lastSuccessfulTime = jobs
    .map((job) =>
      finishedCondition(job)?.type === "Complete" ? job.status.completionTime : undefined,
    )
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1);
  const { active: _, ...others } = status;
  const next = {
    ...others,
    ...(active.length === 0 ? {} : { active }),
    ...(lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime }),
  };
  if (isDeepStrictEqual(next, status)) return cronJob;
  return api.update<CronJob>(CRON_JOBS, { ...cronJob, status: next }, "status");
}

function isListed({ metadata }: Job, { active = [] }: NonNullable<CronJob["status"]>): boolean {
  return active.some(({ uid }) => uid === metadata.uid);
}

async function trimHistory(
  cronJob: CronJob,
  jobs: readonly Job[],
  cluster: Cluster,
): Promise<void> {
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cronJob.spec;
  for (const [type, limit] of [
    ["Complete", successfulJobsHistoryLimit],
    ["Failed", failedJobsHistoryLimit],
  ] as const) {
    const finished = jobs
      .filter((job) => finishedCondition(job)?.type === type)
      .toSorted((a, b) => ((a.status.startTime ?? "") < (b.status.startTime ?? "") ? -1 : 1));
    for (const job of finished.slice(0, Math.max(0, finished.length - limit))) {
      await deleteJob(job, cronJob, cluster);
    }
  }
}

async function deleteJob(job: Job, cronJob: CronJob, { api, record }: Cluster): Promise<void> {
  const { name, namespace = "", uid } = job.metadata;
  await api.delete(JOBS, name, {
    namespace,
    propagationPolicy: "Background",
    preconditions: { uid },
  });
  const message = `Deleted job ${name}`;
  record(cronJob, { type: "Normal", reason: "SuccessfulDelete", message });
}

function referenceTo({ metadata }: Job): JobReference {
  const { name, namespace = "", uid, resourceVersion } = metadata;
  return { kind: "Job", namespace, name, uid, apiVersion: "batch/v1", resourceVersion };
}
