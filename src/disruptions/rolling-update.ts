import { type ClusterView, isActive } from "#domain/cluster-view.ts";
import { HarnessError } from "#domain/errors.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { describeProgress, describeTrouble, remedyFor } from "./describe-trouble.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { podTroubles } from "./pod-trouble.ts";
import { reportAction } from "./report-action.ts";
import { isSettled } from "./settled.ts";

/** The annotation that makes the template new; its value says which run wanted it, and when in the run. */
const RESTARTED_AT = "lastcall.dev/restarted-at";

/**
 * Gives the pod template a new annotation, as `kubectl rollout restart` does, and waits until every pod of
 * before is gone, its termination included, and the workload has settled.
 */
export async function performRollingUpdate(
  workload: WorkloadRef,
  context: DisruptionContext,
): Promise<void> {
  const { cluster, observed, clock, runId, deadlineMs, signal } = context;
  const old = [...observed.view.pods.keys()];
  const stamp = `${runId}+${Math.round(clock.nowMs())}ms`;
  const patch = { spec: { template: { metadata: { annotations: { [RESTARTED_AT]: stamp } } } } };
  const { generation } = await reportAction(
    {
      verb: "patch",
      object: `${workload.kind.toLowerCase()}/${workload.name}`,
      act: () => cluster.patchWorkload(workload, patch, signal),
      describe: (answer) => `accepted as generation ${answer.generation}`,
    },
    context,
  );
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
