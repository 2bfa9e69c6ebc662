import type { Disruption } from "#domain/disruption.ts";
import { HarnessError } from "#domain/errors.ts";
import { nodeRef, shortRef } from "#domain/object-ref.ts";
import type { Taint } from "#domain/undo-step.ts";
import { awaitReplaced } from "./await-replaced.ts";
import { chooseNodes, podsOf } from "./choose-nodes.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { addTaint } from "./node-taints.ts";
import { podsOnNode } from "./pods-on-node.ts";
import { reportAction } from "./report-action.ts";
import { requireShare } from "./require-share.ts";

/** The taint's key; its value is the run. */
const KEY = "lastcall.dev/evict";

/**
 * Puts a NoExecute taint on the nodes that carry most of the workload: the taint manager then deletes every
 * pod there that does not tolerate it, without asking a budget. The taint goes when the run ends.
 */
export async function performTaintNodes(
  tainting: Extract<Disruption, { type: "taint-nodes" }>,
  context: DisruptionContext,
): Promise<void> {
  const { cluster, observed, undo, runId, signal } = context;
  const { workload } = tainting;
  const nodes = await chooseNodes(tainting, context);
  for (const node of nodes) await refuseOthers(node, context);
  requireShare({ leaving: podsOf(nodes, context), act: "taint" }, context);
  const pods = [...observed.view.pods.values()].filter((pod) => nodes.includes(pod.node ?? ""));
  const taint: Taint = { key: KEY, value: runId, effect: "NoExecute" };
  for (const node of nodes) {
    await undo.record({ type: "taint", node, taint });
    await reportAction(
      {
        verb: "taint",
        object: shortRef(nodeRef(node)),
        act: () => addTaint(cluster, { node, taint }, signal),
        describe: () => `${taint.key}:${taint.effect}`,
      },
      context,
    );
  }
  await awaitReplaced({ workload, pods, act: "taint eviction" }, context);
}

/** A taint makes no difference between namespaces, so whoever may not be touched must not be there. */
async function refuseOthers(node: string, { cluster, mayTouch, signal }: DisruptionContext) {
  const others = (await podsOnNode(node, cluster, signal)).filter(
    ({ namespace, controller, mirror, ended }) =>
      !mayTouch(namespace) && controller !== "DaemonSet" && !mirror && !ended,
  );
  if (others.length === 0) return;
  const names = others.map(({ namespace, name }) => `${namespace}/${name}`).join(", ");
  throw new HarnessError(
    "FOREIGN_PODS",
    `Could not taint node ${node}: it carries pods of namespaces that this run may not touch: ${names}.`,
    { hint: "Drain the node instead, which leaves these where they are, or move them elsewhere." },
  );
}
