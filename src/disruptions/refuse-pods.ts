import { HarnessError } from "#domain/errors.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import type { PodOnNode } from "./pods-on-node.ts";

/** Pods that have to leave when their node does, of namespaces that may be touched. */
export function leavingPods(
  pods: readonly PodOnNode[],
  { mayTouch }: DisruptionContext,
): readonly PodOnNode[] {
  return pods.filter((pod) => mayTouch(pod.namespace) && leavesWithNode(pod));
}

/** Refuses what would be lost for good; `act` is what was to be done: `drain the node`. */
export function refuseUnmanaged(pods: readonly PodOnNode[], act: string): void {
  const lost = pods.filter(({ controller }) => controller === undefined);
  if (lost.length === 0) return;
  throw new HarnessError(
    "UNMANAGED_PODS",
    `Could not ${act}: nobody would make these pods again: ${namesOf(lost)}.`,
    { hint: "Delete them or give them a controller; kubectl drain would ask for --force here." },
  );
}

/** Refuses what makes no difference between namespaces while whoever may not be touched is there. */
export function refuseForeign(
  pods: readonly PodOnNode[],
  act: string,
  { mayTouch }: DisruptionContext,
): void {
  const others = pods.filter((pod) => !mayTouch(pod.namespace) && leavesWithNode(pod));
  if (others.length === 0) return;
  throw new HarnessError(
    "FOREIGN_PODS",
    `Could not ${act}: it carries pods of namespaces that this run may not touch: ${namesOf(others)}.`,
    { hint: "Drain the node instead, which leaves these where they are, or move them elsewhere." },
  );
}

function leavesWithNode({ controller, mirror, ended }: PodOnNode): boolean {
  return controller !== "DaemonSet" && !mirror && !ended;
}

function namesOf(pods: readonly PodOnNode[]): string {
  return pods.map(({ namespace, name }) => `${namespace}/${name}`).join(", ");
}
