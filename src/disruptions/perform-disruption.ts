import type { Disruption } from "#domain/disruption.ts";
import { performDeletePods } from "./delete-pods.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { performRollingUpdate } from "./rolling-update.ts";
import { performScale } from "./scale.ts";

/** Does what the disruption says, and returns when the workload has settled again. */
export async function performDisruption(
  disruption: Disruption,
  context: DisruptionContext,
): Promise<void> {
  switch (disruption.type) {
    case "rolling-update":
      return await performRollingUpdate(disruption.workload, context);
    case "delete-pods":
      return await performDeletePods(disruption, context);
    case "scale":
      return await performScale(disruption, context);
    case "none":
      return await context.clock.sleep(disruption.durationMs, context.signal);
  }
}
