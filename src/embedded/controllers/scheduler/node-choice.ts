import type { Node, Pod } from "#embedded/api/objects.ts";
import { controllerOf } from "#embedded/controllers/meta/ownership.ts";
import { isActive, isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { type Misfit, misfits } from "./node-fit.ts";
import type { PlacedPod } from "./pod-affinity.ts";

/** The node, or why none will do. */
export type NodeChoice =
  | { readonly type: "node"; readonly node: Node }
  | { readonly type: "none"; readonly message: string };

/**
 * Among the nodes that fit: the one with the fewest pods of the same owner, then with the fewest pods. So a
 * workload spreads, and a node that was emptied fills up again with what comes next.
 */
export function chooseNode(
  pod: Pod,
  nodes: readonly Node[],
  placed: readonly PlacedPod[],
): NodeChoice {
  if (nodes.length === 0) return { type: "none", message: "no nodes available to schedule pods" };
  const judged = nodes.map((node) => ({ node, problems: misfits(pod, node, placed) }));
  const owner = controllerOf(pod)?.uid;
  const load = ({ metadata }: Node) => {
    const here = placed.filter(({ node }) => node.metadata.name === metadata.name);
    return {
      siblings: here.filter(
        (other) => isActive(other.pod) && controllerOf(other.pod)?.uid === owner,
      ).length,
      pods: here.filter((other) => !isTerminal(other.pod)).length,
    };
  };
  const [best] = judged
    .filter(({ problems }) => problems.length === 0)
    .map(({ node }) => ({ node, ...load(node) }))
    .toSorted(
      (a, b) =>
        a.siblings - b.siblings ||
        a.pods - b.pods ||
        (a.node.metadata.name < b.node.metadata.name ? -1 : 1),
    );
  if (best !== undefined) return { type: "node", node: best.node };
  return { type: "none", message: refusal(judged.map(({ problems }) => problems)) };
}

function refusal(problems: readonly (readonly Misfit[])[]): string {
  const none = `0/${problems.length} nodes are available`;
  const reasons = histogram(problems.flat().map(({ reason }) => reason));
  const preemption = histogram(
    problems.map((ofNode) =>
      ofNode.some(({ resolvable }) => !resolvable)
        ? "Preemption is not helpful for scheduling"
        : "No preemption victims found for incoming pod",
    ),
  );
  return `${none}: ${reasons}. no new claims to deallocate, preemption: ${none}: ${preemption}.`;
}

function histogram(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .toSorted()
    .join(", ");
}
