import type { RecordEvent } from "#embedded/controllers/events/event-sink.ts";
import { conditionOf, withCondition } from "#embedded/controllers/meta/conditions.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import type { Job } from "./job.ts";
import { jobCondition } from "./job-status.ts";

/** A Job with what has to be said in its status, and what has to be told once it is. */
export interface Suspension {
  readonly job: Job;
  readonly tell: (record: RecordEvent) => void;
}

/** That a Job was suspended or goes on; its time starts anew then. */
export function suspensionOf(job: Job, nowMs: number): Suspension {
  const { conditions, startTime: _, ...status } = job.status;
  const suspended = job.spec.suspend === true;
  const told = conditionOf(conditions, "Suspended")?.status === "True";
  if (suspended === told) return { job, tell: () => undefined };
  const reason = suspended ? "JobSuspended" : "JobResumed";
  const message = suspended ? "Job suspended" : "Job resumed";
  const condition = {
    ...jobCondition("Suspended", { reason, message }, nowMs),
    status: suspended ? ("True" as const) : ("False" as const),
  };
  const next = {
    ...status,
    ...(suspended ? {} : { startTime: timestamp(nowMs) }),
    conditions: withCondition(conditions, condition),
  };
  return {
    job: { ...job, status: next },
    tell: (record) =>
      record(job, { type: "Normal", reason: suspended ? "Suspended" : "Resumed", message }),
  };
}
