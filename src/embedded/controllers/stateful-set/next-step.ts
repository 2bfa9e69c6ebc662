import type { Pod } from "#embedded/api/objects.ts";
import { isReady, isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { inSlowStartOrder } from "#embedded/controllers/pods/slow-start.ts";
import { ordinalOf, revisionNameOf } from "./pod-identity.ts";
import type { StatefulSet } from "./stateful-set.ts";

/** What a StatefulSet does now. Only a Parallel one does several things at a time. */
export type Step =
  | { readonly type: "create"; readonly ordinal: number; readonly revision: "current" | "update" }
  | { readonly type: "delete"; readonly pod: Pod };

export interface SetState {
  readonly set: StatefulSet;
  readonly pods: readonly Pod[];
  readonly updateRevision: string;
  readonly isAvailable: (pod: Pod) => boolean;
}

/**
 * The next steps, in Kubernetes' order: the wanted ordinals from the lowest up, then the surplus from the
 * highest down, then, from the highest down, one pod of another revision. Ordered, each step waits until
 * the one before has had its effect, and a pod that is not well stops everything after it.
 */
export function nextSteps(state: SetState): readonly Step[] {
  const { set, pods } = state;
  const ordered = set.spec.podManagementPolicy !== "Parallel";
  const { start, end } = wantedOrdinals(set);
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod, set) ?? -1, pod]));

  const filling: Step[] = [];
  for (let ordinal = start; ordinal < end; ordinal++) {
    const step = fill(ordinal, byOrdinal.get(ordinal), state);
    if (step !== "wait" && step !== undefined) filling.push(step);
    if (ordered && step !== undefined) return filling;
  }

  const surplus = [...byOrdinal]
    .filter(([ordinal]) => ordinal < start || ordinal >= end)
    .toSorted(([a], [b]) => b - a)
    .map(([, pod]) => pod);
  const filled = inSlowStartOrder(filling);
  if (surplus.length > 0) return [...filled, ...inSlowStartOrder(remove(surplus, ordered))];

  if (filling.length > 0 || set.spec.updateStrategy?.type === "OnDelete") return filled;
  const outdated = nextOutdated(byOrdinal, state);
  return outdated === undefined ? [] : [{ type: "delete", pod: outdated }];
}

function wantedOrdinals({ spec }: StatefulSet): { readonly start: number; readonly end: number } {
  const start = spec.ordinals?.start ?? 0;
  return { start, end: start + (spec.replicas ?? 1) };
}

/** What the ordinal needs; `wait` when nothing can be done about it now, undefined when it is well. */
function fill(ordinal: number, pod: Pod | undefined, state: SetState): Step | "wait" | undefined {
  const { set, isAvailable } = state;
  if (pod === undefined) {
    const below = ordinal < partitionOf(set);
    return { type: "create", ordinal, revision: below ? "current" : "update" };
  }
  if (pod.metadata.deletionTimestamp !== undefined) return "wait"; // its name is not free yet
  if (isTerminal(pod)) return { type: "delete", pod };
  return isAvailable(pod) ? undefined : "wait";
}

function remove(surplus: readonly Pod[], ordered: boolean): readonly Step[] {
  if (!ordered) {
    return surplus
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map((pod) => ({ type: "delete", pod }));
  }
  const [highest, ...rest] = surplus;
  if (highest === undefined || highest.metadata.deletionTimestamp !== undefined) return [];
  // An unhealthy pod goes only when no lower one is unhealthy too: that one is to be looked at first.
  const lowerIsUnhealthy = rest.some((pod) => !isReady(pod));
  return isReady(highest) || !lowerIsUnhealthy ? [{ type: "delete", pod: highest }] : [];
}

/** The highest pod of another revision, unless a higher one has not come back well yet. */
function nextOutdated(
  byOrdinal: ReadonlyMap<number, Pod>,
  { set, updateRevision, isAvailable }: SetState,
): Pod | undefined {
  const { end } = wantedOrdinals(set);
  for (let ordinal = end - 1; ordinal >= partitionOf(set); ordinal--) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined) return undefined;
    const terminating = pod.metadata.deletionTimestamp !== undefined;
    if (revisionNameOf(pod) !== updateRevision && !terminating) return pod;
    if (terminating || !isAvailable(pod)) return undefined;
  }
  return undefined;
}

function partitionOf({ spec }: StatefulSet): number {
  return (spec.ordinals?.start ?? 0) + (spec.updateStrategy?.rollingUpdate?.partition ?? 0);
}
