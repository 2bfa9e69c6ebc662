import type { WorkloadRef } from "./workload.ts";

/** What the run does to the workload. Each is a thing that any Kubernetes client can do. */
export type Disruption =
  | { readonly type: "rolling-update"; readonly workload: WorkloadRef }
  | {
      readonly type: "delete-pods";
      readonly workload: WorkloadRef;
      readonly count: number;
      /** Absent: the pod's own grace period, as kubectl's default is. */
      readonly gracePeriodSeconds?: number;
    }
  | { readonly type: "scale"; readonly workload: WorkloadRef; readonly replicas: number }
  | { readonly type: "none"; readonly durationMs: number };

/** The phrase that step text, progress and report share. A new type does not compile until it has one. */
export function describeDisruption(disruption: Disruption): string {
  switch (disruption.type) {
    case "rolling-update":
      return `rolling update of ${disruption.workload.name}`;
    case "delete-pods": {
      const grace =
        disruption.gracePeriodSeconds === undefined
          ? "with their own grace period"
          : `with a grace period of ${disruption.gracePeriodSeconds} s`;
      return `deletion of ${disruption.count} pod(s) of ${disruption.workload.name} ${grace}`;
    }
    case "scale":
      return `scaling of ${disruption.workload.name} to ${disruption.replicas}`;
    case "none":
      return `no disruption for ${disruption.durationMs} ms`;
  }
}
