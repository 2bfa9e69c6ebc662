import type { Pod } from "#embedded/api/objects.ts";
import type { Rejection } from "./reject-pod.ts";
import { isTerminal } from "./status/pod-status.ts";

/** A pod that was put on the node without a scheduler may want a port of the node that another has. */
export function portRejection(pod: Pod, others: readonly Pod[]): Rejection | undefined {
  const taken = new Set(others.filter(({ status }) => !isTerminal(status.phase)).flatMap(portsOf));
  if (!portsOf(pod).some((port) => taken.has(port))) return undefined;
  const why = "node(s) didn't have free ports for the requested pod ports";
  return { reason: "NodePorts", message: `Predicate NodePorts failed: ${why}` };
}

function portsOf({ spec }: Pod): readonly string[] {
  const sidecars = (spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  );
  return [...spec.containers, ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .filter(({ hostPort = 0 }) => hostPort !== 0)
    .map(({ hostPort, protocol = "TCP" }) => `${protocol}/${hostPort}`);
}
