import type { Disruption } from "#domain/disruption.ts";
import { performArgoRollout } from "./argo-rollout.ts";
import { performCordonNodes, performUncordonNodes } from "./cordon-nodes.ts";
import { performDeleteJob } from "./delete-job.ts";
import { performDeleteNamespace } from "./delete-namespace.ts";
import { performDeletePods } from "./delete-pods.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { performDrainNodes } from "./drain-nodes.ts";
import { performEvictPods } from "./evict-pods.ts";
import { performRollingUpdate } from "./rolling-update.ts";
import { performRolloutUndo } from "./rollout-undo.ts";
import { performScale } from "./scale.ts";
import { performSignalPods } from "./signal-pods.ts";
import { performTaintNodes } from "./taint-nodes.ts";
import { performTakeMachines } from "./take-machines.ts";
import { performTurnOnNodes } from "./turn-on-nodes.ts";

/** Does what the disruption says, and returns when the workload has settled again. */
export async function performDisruption(
  disruption: Disruption,
  context: DisruptionContext,
): Promise<void> {
  switch (disruption.type) {
    case "rolling-update":
      return await performRollingUpdate(disruption, context);
    case "rollout-undo":
      return await performRolloutUndo(disruption.workload, context);
    case "delete-pods":
      return await performDeletePods(disruption, context);
    case "evict-pods":
      return await performEvictPods(disruption, context);
    case "scale":
      return await performScale(disruption, context);
    case "cordon-nodes":
      return await performCordonNodes(disruption, context);
    case "uncordon-nodes":
      return await performUncordonNodes(context);
    case "drain-nodes":
      return await performDrainNodes(disruption, context);
    case "taint-nodes":
      return await performTaintNodes(disruption, context);
    case "shut-down-nodes":
    case "lose-nodes":
      return await performTakeMachines(disruption, context);
    case "turn-on-nodes":
      return await performTurnOnNodes(context);
    case "signal-pods":
      return await performSignalPods(disruption, context);
    case "delete-job":
      return await performDeleteJob(disruption.job, context);
    case "delete-namespace":
      return await performDeleteNamespace(disruption.namespace, context);
    case "argo-rollout":
      return await performArgoRollout(disruption, context);
    case "none":
      return await context.clock.sleep(disruption.durationMs, context.signal);
  }
}
