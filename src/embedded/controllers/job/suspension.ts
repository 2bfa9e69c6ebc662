import { JOBS } from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { conditionOf } from "#embedded/controllers/meta/conditions.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import type { Job } from "./job.ts";
import { addCondition, jobCondition } from "./job-status.ts";

/** Tells that a Job was suspended or goes on; its time starts anew then. True when it was news. */
export async function syncSuspension(job: Job, { api, record, nowMs }: Cluster): Promise<boolean> {
  const { conditions, startTime: _, ...status } = job.status;
  const suspended = job.spec.suspend === true;
  const told = conditionOf(conditions, "Suspended")?.status === "True";
  if (suspended === told) return false;
  const reason = suspended ? "JobSuspended" : "JobResumed";
  const message = suspended ? "Job suspended" : "Job resumed";
  const condition = {
    ...jobCondition("Suspended", { reason, message }, nowMs()),
    status: suspended ? ("True" as const) : ("False" as const),
  };
  await api.update<Job>(
    JOBS,
    {
      ...job,
      status: {
        ...status,
        ...(suspended ? {} : { startTime: timestamp(nowMs()) }),
        conditions: addCondition(conditions, condition),
      },
    },
    "status",
  );
  record(job, { type: "Normal", reason: suspended ? "Suspended" : "Resumed", message });
  return true;
}
