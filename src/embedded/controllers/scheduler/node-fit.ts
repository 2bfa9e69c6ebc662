import type { Node, Pod } from "#embedded/api/objects.ts";
import { selectsNode } from "#embedded/controllers/nodes/node-selection.ts";
import {
  effectiveTaints,
  UNSCHEDULABLE,
  untoleratedTaint,
} from "#embedded/controllers/nodes/taints.ts";
import { isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { type PlacedPod, podAffinityProblem } from "./pod-affinity.ts";

/** Why a node will not take a pod. */
export interface Misfit {
  /** In the scheduler's own words. */
  readonly reason: string;
  /** Whether fewer pods on the node would help. */
  readonly resolvable: boolean;
}

/**
 * Why a pod may not go to a node; empty when it may. Terminating pods still take up their room. Requests of
 * cpu and memory are not counted: the nodes are one machine, which reserves nothing for anybody.
 */
export function misfits(pod: Pod, node: Node, placed: readonly PlacedPod[]): readonly Misfit[] {
  const taint = untoleratedTaint(pod, effectiveTaints(node), ["NoSchedule", "NoExecute"]);
  if (taint?.key === UNSCHEDULABLE) return [unresolvable("node(s) were unschedulable")];
  if (taint !== undefined) return [unresolvable("node(s) had untolerated taint(s)")];
  if (!selectsNode(pod, node)) {
    return [unresolvable("node(s) didn't match Pod's node affinity/selector")];
  }
  const here = placed.filter((other) => other.node.metadata.name === node.metadata.name);
  const running = here.map((other) => other.pod).filter((other) => !isTerminal(other));
  if (hostPortsOf(pod).some((port) => running.flatMap(hostPortsOf).includes(port))) {
    const reason = "node(s) didn't have free ports for the requested pod ports";
    return [{ reason, resolvable: true }];
  }
  const room = Number(node.status.allocatable?.["pods"] ?? Number.POSITIVE_INFINITY);
  if (running.length + 1 > room) return [{ reason: "Too many pods", resolvable: true }];
  const affinity = podAffinityProblem(pod, node, placed);
  return affinity === undefined ? [] : [unresolvable(affinity)];
}

function unresolvable(reason: string): Misfit {
  return { reason, resolvable: false };
}

function hostPortsOf({ spec }: Pod): readonly string[] {
  return spec.containers
    .flatMap(({ ports = [] }) => ports)
    .filter(({ hostPort }) => hostPort !== undefined)
    .map(({ hostPort, protocol = "TCP" }) => `${protocol}/${hostPort}`);
}
