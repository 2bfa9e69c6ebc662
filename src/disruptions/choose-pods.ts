import { podState, readyPods } from "#domain/cluster-view.ts";
import { HarnessError } from "#domain/errors.ts";
import type { PodSnapshot } from "#domain/observation.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { requireShare } from "./require-share.ts";

/** The first ready pods by name; fewer than were asked for is an error, before anything is touched. */
export function choosePods(
  { verb, workload, count }: { verb: string; workload: WorkloadRef; count: number },
  context: DisruptionContext,
): readonly PodSnapshot[] {
  const { observed } = context;
  const ready = readyPods(observed.view).toSorted((a, b) => a.name.localeCompare(b.name));
  if (count >= 1 && ready.length >= count) {
    requireShare({ leaving: count, act: `attempt to ${verb} pods` }, context);
    return ready.slice(0, count);
  }
  const seen = [...observed.view.pods.values()].map((pod) => `${pod.name} (${podState(pod)})`);
  throw new HarnessError(
    "NO_TARGET",
    `Could not ${verb} ${count} pod(s) of ${workload.name}: ${ready.length} are ready.`,
    {
      hint:
        seen.length === 0
          ? "The workload has no pods. Is it applied, and is this the right cluster?"
          : `Its pods now: ${seen.join(", ")}. Choose between 1 and ${ready.length}, or give it more replicas.`,
    },
  );
}
