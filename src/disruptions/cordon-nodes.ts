import type { Disruption } from "#domain/disruption.ts";
import { nodeRef } from "#domain/object-ref.ts";
import { changeField } from "./change-field.ts";
import { chooseNodes } from "./choose-nodes.ts";
import type { DisruptionContext } from "./disruption-context.ts";

/** Keeps new pods away from the nodes that carry most of the workload; nobody has to leave. */
export async function performCordonNodes(
  cordoning: Extract<Disruption, { type: "cordon-nodes" }>,
  context: DisruptionContext,
): Promise<void> {
  const nodes = await chooseNodes(cordoning, context);
  for (const node of nodes) await cordon(node, context);
}

/** Makes the nodes schedulable again that this run has cordoned, and only those. */
export async function performUncordonNodes(context: DisruptionContext): Promise<void> {
  const cordoned = context.undo.steps.flatMap((step) =>
    step.type === "field" && step.path === UNSCHEDULABLE && step.after === true
      ? [step.object.name]
      : [],
  );
  for (const node of new Set(cordoned)) await setUnschedulable(node, null, context);
}

/** `kubectl cordon`. */
export async function cordon(node: string, context: DisruptionContext): Promise<void> {
  await setUnschedulable(node, true, context);
}

const UNSCHEDULABLE = "/spec/unschedulable";

async function setUnschedulable(
  node: string,
  unschedulable: true | null,
  context: DisruptionContext,
): Promise<void> {
  await changeField(
    {
      object: nodeRef(node),
      path: UNSCHEDULABLE,
      patch: { type: "strategic", body: { spec: { unschedulable } } },
      verb: unschedulable ? "cordon" : "uncordon",
      describe: () => (unschedulable ? "cordoned" : "uncordoned"),
    },
    context,
  );
}
