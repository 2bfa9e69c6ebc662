import type { Disruption } from "#domain/disruption.ts";
import { HarnessError } from "#domain/errors.ts";
import { workloadRef } from "#domain/object-ref.ts";
import { changeField } from "./change-field.ts";
import { describeProgress } from "./describe-trouble.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { requireShare } from "./require-share.ts";
import { generationOf } from "./rolling-update.ts";
import { isSettled } from "./settled.ts";

type Scaling = Extract<Disruption, { type: "scale" }>;

/**
 * Sets the number of replicas, and waits until there are that many, with no pod still on its way out;
 * goes back to the number of before where that is asked.
 */
export async function performScale(scaling: Scaling, context: DisruptionContext): Promise<void> {
  const { workload, replicas, andBack } = scaling;
  if (workload.kind === "DaemonSet") {
    throw new HarnessError(
      "CANNOT_SCALE",
      `Could not scale ${workload.kind} ${workload.namespace}/${workload.name}: it has one pod per node.`,
      {
        hint: "Use a rolling update or delete pods; only Deployments and StatefulSets have replicas.",
      },
    );
  }
  const before = context.observed.view.workload?.desired;
  if (before !== undefined) requireShare({ leaving: before - replicas, act: "scaling" }, context);
  await scaleTo(replicas, scaling, context);
  if (andBack && before !== undefined) await scaleTo(before, scaling, context);
}

async function scaleTo(
  replicas: number,
  { workload }: Scaling,
  context: DisruptionContext,
): Promise<void> {
  const { observed, deadlineMs, signal } = context;
  const changed = await changeField(
    {
      object: workloadRef(workload),
      path: "/spec/replicas",
      patch: { type: "merge", body: { spec: { replicas } } },
      verb: "scale",
      describe: () => `to ${replicas}`,
    },
    context,
  );
  const generation = changed === undefined ? 0 : generationOf(changed);
  const scaled = await observed.until(
    (view) => isSettled(view, { generation, replicas }),
    deadlineMs,
    signal,
  );
  if (scaled) return;
  throw new HarnessError(
    "SCALE_STUCK",
    `${workload.kind} ${workload.namespace}/${workload.name} was not at ${replicas} replica(s) after ${deadlineMs / 1000} s: ${describeProgress(observed.view)}.`,
    {
      hint: "If pods only need longer to end or to start, raise the scenario's deadline. An autoscaler would set its own number again.",
    },
  );
}
