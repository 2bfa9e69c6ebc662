import type { ObjectRef } from "./object-ref.ts";
import { describeChange, type RolloutChange } from "./rollout-change.ts";
import type { WorkloadRef } from "./workload.ts";

/** What the run does to the workload. Each is a thing that any Kubernetes client can do. */
export type Disruption =
  | {
      readonly type: "rolling-update";
      readonly workload: WorkloadRef;
      /** Absent: a restart, as `kubectl rollout restart` does it. */
      readonly change?: RolloutChange;
    }
  | { readonly type: "rollout-undo"; readonly workload: WorkloadRef }
  | {
      readonly type: "delete-pods";
      readonly workload: WorkloadRef;
      readonly count: number;
      /** Absent: the pod's own grace period, as kubectl's default is; 0 is a forced deletion. */
      readonly gracePeriodSeconds?: number;
    }
  | { readonly type: "evict-pods"; readonly workload: WorkloadRef; readonly count: number }
  | {
      readonly type: "scale";
      readonly workload: WorkloadRef;
      readonly replicas: number;
      /** Goes back to the number of before, as a step of its own. */
      readonly andBack?: true;
    }
  | { readonly type: "cordon-nodes"; readonly workload: WorkloadRef; readonly count: number }
  /** Makes schedulable again what this run has cordoned. */
  | { readonly type: "uncordon-nodes"; readonly workload: WorkloadRef }
  | { readonly type: "drain-nodes"; readonly workload: WorkloadRef; readonly count: number }
  | { readonly type: "taint-nodes"; readonly workload: WorkloadRef; readonly count: number }
  /** Their machines are turned off in order, and on again when the run ends. */
  | { readonly type: "shut-down-nodes"; readonly workload: WorkloadRef; readonly count: number }
  /** Their machines are gone from one moment to the next, and back when the run ends. */
  | { readonly type: "lose-nodes"; readonly workload: WorkloadRef; readonly count: number }
  /** Turns the machines on again that this run has turned off. */
  | { readonly type: "turn-on-nodes"; readonly workload: WorkloadRef }
  | {
      /** To the main process of each pod's first container. */
      readonly type: "signal-pods";
      readonly workload: WorkloadRef;
      readonly signal: Signal;
      readonly count: number;
    }
  | { readonly type: "delete-job"; readonly job: ObjectRef }
  | { readonly type: "delete-namespace"; readonly namespace: string }
  | {
      readonly type: "argo-rollout";
      readonly rollout: ObjectRef;
      readonly action: ArgoAction;
    }
  | { readonly type: "none"; readonly durationMs: number };

/** The signals that ask a server to end, or to do something of its own. */
// biome-ignore format: one line
export const SIGNALS = ["SIGTERM", "SIGINT", "SIGQUIT", "SIGABRT", "SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const;

/** One of them. */
export type Signal = (typeof SIGNALS)[number];

/** What the kubectl plugin of Argo Rollouts calls these. */
export type ArgoAction = "restart" | "promote" | "abort";

/** The phrase that step text, progress and report share. A new type does not compile until it has one. */
export function describeDisruption(disruption: Disruption): string {
  switch (disruption.type) {
    case "rolling-update":
      return `rolling update of ${disruption.workload.name}${describeChange(disruption.change ?? { type: "restart" })}`;
    case "rollout-undo":
      return `undoing of the last rollout of ${disruption.workload.name}`;
    case "delete-pods":
      return `deletion of ${disruption.count} pod(s) of ${disruption.workload.name} ${describeGrace(disruption.gracePeriodSeconds)}`;
    case "evict-pods":
      return `eviction of ${disruption.count} pod(s) of ${disruption.workload.name}`;
    case "scale":
      return `scaling of ${disruption.workload.name} to ${disruption.replicas}${disruption.andBack ? " and back" : ""}`;
    case "cordon-nodes":
      return `cordoning of ${disruption.count} node(s) of ${disruption.workload.name}`;
    case "uncordon-nodes":
      return "uncordoning of the nodes that were cordoned";
    case "drain-nodes":
      return `drain of ${disruption.count} node(s) of ${disruption.workload.name}`;
    case "taint-nodes":
      return `NoExecute taint on ${disruption.count} node(s) of ${disruption.workload.name}`;
    case "shut-down-nodes":
      return `shutdown of ${disruption.count} node(s) of ${disruption.workload.name}`;
    case "lose-nodes":
      return `loss of ${disruption.count} node(s) of ${disruption.workload.name}`;
    case "turn-on-nodes":
      return "turning on of the nodes that were turned off";
    case "signal-pods":
      return `${disruption.signal} to ${disruption.count} pod(s) of ${disruption.workload.name}`;
    case "delete-job":
      return `deletion of the Job ${disruption.job.name}`;
    case "delete-namespace":
      return `deletion of the namespace ${disruption.namespace}`;
    case "argo-rollout":
      return `${disruption.action} of the Argo Rollout ${disruption.rollout.name}`;
    case "none":
      return `no disruption for ${disruption.durationMs} ms`;
  }
}

function describeGrace(seconds: number | undefined): string {
  if (seconds === undefined) return "with their own grace period";
  return seconds === 0 ? "by force" : `with a grace period of ${seconds} s`;
}
