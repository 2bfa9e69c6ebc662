import type { Disruption } from "./disruption.ts";

/** Whether it gives the workload a new revision, or an older one. */
export function changesRevision({ type }: Disruption): boolean {
  return type === "rolling-update" || type === "rollout-undo";
}

/**
 * Whether it makes pods end in good order, SIGTERM first. A forced deletion does not, and what a scaling
 * does depends on the number of before.
 */
export function endsPodsInOrder(disruption: Disruption): boolean {
  switch (disruption.type) {
    case "rolling-update":
    case "rollout-undo":
    case "evict-pods":
    case "drain-nodes":
    case "taint-nodes":
    case "scale":
    case "shut-down-nodes":
      return true;
    case "signal-pods":
      return disruption.signal === "SIGTERM";
    case "delete-pods":
      return disruption.gracePeriodSeconds !== 0;
    case "cordon-nodes":
    case "uncordon-nodes":
    case "lose-nodes":
    case "turn-on-nodes":
    case "delete-job":
    case "delete-namespace":
    case "argo-rollout":
    case "none":
      return false;
  }
}

/** Whether it turns machines off: then the load must not enter through their nodes. */
export function takesMachines({ type }: Disruption): boolean {
  return type === "shut-down-nodes" || type === "lose-nodes";
}
