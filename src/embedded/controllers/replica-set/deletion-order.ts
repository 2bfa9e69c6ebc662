import type { Pod } from "#embedded/api/objects.ts";
import { isActive, isReady, podCondition } from "#embedded/controllers/pods/pod-state.ts";

const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const NANOSECONDS_PER_MS = 1_000_000;

/**
 * Pods in the order in which a scale-down deletes them: what serves least and knows least goes first.
 * Ages are compared by their order of magnitude only, so that the choice spreads over pods of like age.
 *
 * `related` are the pods of all ReplicaSets of the same owner; a pod that shares its node with many of
 * them goes before one that is alone there.
 */
export function inDeletionOrder(
  pods: readonly Pod[],
  related: readonly Pod[],
  nowMs: number,
): readonly Pod[] {
  const onNode = new Map<string, number>();
  for (const { spec } of related.filter(isActive)) {
    onNode.set(spec.nodeName ?? "", (onNode.get(spec.nodeName ?? "") ?? 0) + 1);
  }
  const crowd = ({ spec }: Pod) => onNode.get(spec.nodeName ?? "") ?? 0;
  return pods.toSorted((a, b) => {
    for (const difference of [
      assigned(a) - assigned(b),
      phaseRank(a) - phaseRank(b),
      Number(isReady(a)) - Number(isReady(b)),
      deletionCost(a) - deletionCost(b),
      crowd(b) - crowd(a),
    ]) {
      if (difference !== 0) return difference;
    }
    return (
      (isReady(a) ? compareAges(a, b, [readySinceMs(a), readySinceMs(b)], nowMs) : 0) ||
      restarts(b) - restarts(a) ||
      compareAges(a, b, [createdMs(a), createdMs(b)], nowMs)
    );
  });
}

function assigned({ spec }: Pod): number {
  return spec.nodeName === undefined || spec.nodeName === "" ? 0 : 1;
}

function phaseRank({ status }: Pod): number {
  return PHASE_RANK[status.phase ?? "Pending"] ?? 0;
}

function deletionCost({ metadata }: Pod): number {
  const cost = metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? "0";
  return /^-?\d+$/.test(cost) ? Number(cost) : 0;
}

function readySinceMs(pod: Pod): number {
  return Date.parse(podCondition(pod, "Ready")?.lastTransitionTime ?? "");
}

function createdMs({ metadata }: Pod): number {
  return Date.parse(metadata.creationTimestamp);
}

function restarts({ status }: Pod): number {
  return Math.max(0, ...(status.containerStatuses ?? []).map(({ restartCount }) => restartCount));
}

/** The younger first; pods of one order of magnitude by their uid, which is as good as at random. */
function compareAges(a: Pod, b: Pod, [aMs, bMs]: [number, number], nowMs: number): number {
  if (aMs === bMs || Number.isNaN(aMs) || Number.isNaN(bMs)) return 0;
  const difference = magnitude(nowMs - aMs) - magnitude(nowMs - bMs);
  return difference !== 0 ? difference : a.metadata.uid < b.metadata.uid ? -1 : 1;
}

function magnitude(ageMs: number): number {
  return ageMs <= 0 ? -1 : Math.floor(Math.log2(ageMs * NANOSECONDS_PER_MS));
}
