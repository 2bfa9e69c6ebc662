import type { PodSnapshot } from "#domain/observation.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { podsNotReplaced } from "./pods-not-replaced.ts";
import { isSettled } from "./settled.ts";

/** Pods that were made to leave; `act` names in an error what was done to them: `deletion`. */
interface Leaving {
  readonly workload: WorkloadRef;
  readonly pods: readonly Pick<PodSnapshot, "name" | "uid">[];
  readonly act: string;
}

/** Waits until these pods are gone and others have taken their place. */
export async function awaitReplaced(
  { workload, pods, act }: Leaving,
  { observed, deadlineMs, signal }: DisruptionContext,
): Promise<void> {
  const generation = observed.view.workload?.generation ?? 0;
  const replaced = await observed.until(
    (view) => pods.every(({ uid }) => !view.pods.has(uid)) && isSettled(view, { generation }),
    deadlineMs,
    signal,
  );
  if (replaced) return;
  const left = pods.filter(({ uid }) => observed.view.pods.has(uid)).map(({ name }) => name);
  const remaining = left.length === 0 ? "" : `; still there: ${left.join(", ")}`;
  throw podsNotReplaced(
    {
      ...{ workload, remaining, limitMs: deadlineMs },
      from: `the ${act} of ${pods.length} pod(s)`,
      hint: "If a pod only needs longer to end or to start, raise the scenario's deadline above its grace period and start-up time. A pod that stays may have a finalizer.",
    },
    observed.view,
  );
}
