import { type ClusterView, isActive } from "#domain/cluster-view.ts";
import { HarnessError } from "#domain/errors.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { describeProgress, describeTrouble, remedyFor } from "./describe-trouble.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { podTroubles } from "./pod-trouble.ts";
import { isSettled } from "./settled.ts";

/** A rollout that has begun: the generation that its controller has to reach, and the pods of before. */
interface Rollout {
  readonly workload: WorkloadRef;
  readonly generation: number;
  /** By uid. */
  readonly old: readonly string[];
}

/** Waits until every pod of before is gone, its termination included, and the workload has settled. */
export async function awaitRollout(
  { workload, generation, old }: Rollout,
  context: DisruptionContext,
): Promise<void> {
  const { observed, deadlineMs, signal } = context;
  const rolledOut = await observed.until(
    (view) =>
      isSettled(view, { generation }) &&
      view.workload?.updated === view.workload?.desired &&
      old.every((uid) => !isPresent(view, uid)),
    deadlineMs,
    signal,
  );
  if (!rolledOut) throw stuck(workload, context, old);
}

/** Still there; the remains of a pod that has failed stay listed for as long as nobody removes them. */
function isPresent(view: ClusterView, uid: string): boolean {
  const pod = view.pods.get(uid);
  return pod !== undefined && (isActive(pod) || pod.deletionTimestamp !== undefined);
}

function stuck(
  workload: WorkloadRef,
  { observed, deadlineMs }: DisruptionContext,
  old: readonly string[],
): HarnessError {
  const { view } = observed;
  const left = old
    .filter((uid) => isPresent(view, uid))
    .map((uid) => view.pods.get(uid)?.name ?? uid);
  const remaining = left.length === 0 ? "" : `; old pods left: ${left.join(", ")}`;
  const [worst] = podTroubles(view);
  const trouble = worst === undefined ? "" : `; ${describeTrouble(worst)}`;
  return new HarnessError(
    "ROLLOUT_STUCK",
    `The rolling update of ${workload.kind} ${workload.namespace}/${workload.name} was not complete after ${deadlineMs / 1000} s: ${describeProgress(view)}${remaining}${trouble}.`,
    {
      hint:
        worst === undefined
          ? "If it was only slow, raise the scenario's deadline: each step takes a start and a whole termination. If it is paused, or its strategy is OnDelete or has a partition, it cannot complete by itself."
          : remedyFor(worst, workload.namespace),
    },
  );
}
