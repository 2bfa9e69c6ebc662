import type { Node } from "#embedded/api/objects.ts";
import { NOT_READY, type Taint, UNREACHABLE, UNSCHEDULABLE } from "./taints.ts";

const PRESSURES: Readonly<Record<string, string>> = {
  MemoryPressure: "node.kubernetes.io/memory-pressure",
  DiskPressure: "node.kubernetes.io/disk-pressure",
  PIDPressure: "node.kubernetes.io/pid-pressure",
  NetworkUnavailable: "node.kubernetes.io/network-unavailable",
};
const MANAGED = new Set([NOT_READY, UNREACHABLE, UNSCHEDULABLE, ...Object.values(PRESSURES)]);

/**
 * The taints that tell of a node's conditions; other people's taints stay. A node that is not Ready both
 * gets no new pods and loses its pods, each after its own toleration.
 */
export function desiredTaints({ spec, status }: Node, at: string): readonly Taint[] {
  const present = spec.taints ?? [];
  const taint = (key: string, effect: string): Taint =>
    present.find((known) => known.key === key && known.effect === effect) ?? {
      key,
      effect,
      timeAdded: at,
    };
  const ready = status.conditions?.find(({ type }) => type === "Ready")?.status;
  const unready = ready === undefined || ready === "True" ? [] : [unreadyKey(ready)];
  const pressed = Object.entries(PRESSURES)
    .filter(([type]) =>
      status.conditions?.some((one) => one.type === type && one.status === "True"),
    )
    .map(([, key]) => key);
  return [
    ...present.filter(({ key }) => !MANAGED.has(key)),
    ...unready.flatMap((key) => [taint(key, "NoSchedule"), taint(key, "NoExecute")]),
    ...pressed.map((key) => taint(key, "NoSchedule")),
    ...(spec.unschedulable === true ? [taint(UNSCHEDULABLE, "NoSchedule")] : []),
  ];
}

function unreadyKey(ready: string): string {
  return ready === "Unknown" ? UNREACHABLE : NOT_READY;
}
