import type { KubeObject } from "#embedded/api/objects.ts";
import type { JobSpec } from "#embedded/controllers/job/job.ts";

export interface CronJob extends KubeObject {
  spec: {
    schedule: string;
    timeZone?: string;
    startingDeadlineSeconds?: number;
    concurrencyPolicy?: "Allow" | "Forbid" | "Replace";
    suspend?: boolean;
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
    jobTemplate: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
      spec: JobSpec;
    };
  };
  status?: {
    active?: JobReference[];
    lastScheduleTime?: string;
    lastSuccessfulTime?: string;
  };
}

export interface JobReference {
  kind: "Job";
  namespace: string;
  name: string;
  uid: string;
  apiVersion: "batch/v1";
  resourceVersion?: string;
}
