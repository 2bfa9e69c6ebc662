import type { Disruption } from "#domain/disruption.ts";
import { HarnessError } from "#domain/errors.ts";
import { describeProgress } from "./describe-trouble.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { reportAction } from "./report-action.ts";
import { isSettled } from "./settled.ts";

/** Sets the number of replicas, and waits until there are that many, with no pod still on its way out. */
export async function performScale(
  { workload, replicas }: Extract<Disruption, { type: "scale" }>,
  context: DisruptionContext,
): Promise<void> {
  const { cluster, observed, deadlineMs, signal } = context;
  const name = `${workload.kind} ${workload.namespace}/${workload.name}`;
  if (workload.kind === "DaemonSet") {
    throw new HarnessError("CANNOT_SCALE", `Could not scale ${name}: it has one pod per node.`, {
      hint: "Use a rolling update or delete pods; only Deployments and StatefulSets have replicas.",
    });
  }
  const { generation } = await reportAction(
    {
      verb: "scale",
      object: `${workload.kind.toLowerCase()}/${workload.name}`,
      act: () => cluster.patchWorkload(workload, { spec: { replicas } }, signal),
      describe: () => `to ${replicas}`,
    },
    context,
  );
  const scaled = await observed.until(
    (view) => isSettled(view, { generation, replicas }),
    deadlineMs,
    signal,
  );
  if (scaled) return;
  throw new HarnessError(
    "SCALE_STUCK",
    `${name} was not at ${replicas} replica(s) after ${deadlineMs / 1000} s: ${describeProgress(observed.view)}.`,
    {
      hint: "If pods only need longer to end or to start, raise the scenario's deadline. An autoscaler would set its own number again.",
    },
  );
}
