import type { Node, Pod, Toleration } from "#embedded/api/objects.ts";

/** What keeps pods off a node, or drives them away. */
export type Taint = NonNullable<Node["spec"]["taints"]>[number];

/** Its kubelet says that it is not ready. */
export const NOT_READY = "node.kubernetes.io/not-ready";
/** Its kubelet has said nothing for too long. */
export const UNREACHABLE = "node.kubernetes.io/unreachable";
/** Somebody has cordoned it. */
export const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
/** Somebody vouches that the machine is off: its pods may be forgotten. */
export const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

/** An empty key with Exists tolerates everything, an empty effect every effect. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key = "", operator = "Equal", value = "", effect = "" } = toleration;
  if (effect !== "" && effect !== taint.effect) return false;
  if (key === "") return operator === "Exists";
  if (key !== taint.key) return false;
  return operator === "Exists" || value === (taint.value ?? "");
}

/** The first taint with one of the effects that nothing in the pod tolerates. */
export function untoleratedTaint(
  { spec }: Pod,
  taints: readonly Taint[],
  effects: readonly string[],
): Taint | undefined {
  return taints.find(
    (taint) =>
      effects.includes(taint.effect) &&
      !(spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint)),
  );
}

/**
 * The node's taints, and those that it is about to get: a node that is cordoned or not Ready keeps new pods
 * away before the node controller has written so.
 */
export function effectiveTaints({ spec, status }: Node): readonly Taint[] {
  const taints = [...(spec.taints ?? [])];
  const add = (key: string) => {
    if (taints.some((taint) => taint.key === key && taint.effect === "NoSchedule")) return;
    taints.push({ key, effect: "NoSchedule" });
  };
  if (spec.unschedulable === true) add(UNSCHEDULABLE);
  const ready = status.conditions?.find(({ type }) => type === "Ready")?.status;
  if (ready === "Unknown") add(UNREACHABLE);
  else if (ready !== "True") add(NOT_READY);
  return taints;
}
