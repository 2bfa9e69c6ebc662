import type { Disruption } from "#domain/disruption.ts";
import { nodeRef, shortRef } from "#domain/object-ref.ts";
import type { Taint } from "#domain/undo-step.ts";
import { awaitReplaced } from "./await-replaced.ts";
import { chooseNodes, podsOf } from "./choose-nodes.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { addTaint } from "./node-taints.ts";
import { podsOnNode } from "./pods-on-node.ts";
import { refuseForeign } from "./refuse-pods.ts";
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
  for (const node of nodes) {
    refuseForeign(await podsOnNode(node, cluster, signal), `taint node ${node}`, context);
  }
  requireShare({ leaving: podsOf(nodes, context), act: "taint" }, context);
  const pods = [...observed.view.pods.values()].filter((pod) => nodes.includes(pod.node ?? ""));
  const taint: Taint = { key: KEY, value: runId, effect: "NoExecute" };
  for (const node of nodes) await addTaint(cluster, { node, taint, dryRun: true }, signal);
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
