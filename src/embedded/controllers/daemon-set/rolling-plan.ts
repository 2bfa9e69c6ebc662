import type { Pod } from "#embedded/api/objects.ts";

export interface NodePods {
  readonly node: string;
  /** Terminating pods included. */
  readonly pods: readonly Pod[];
}

export interface RollingLimits {
  readonly maxUnavailable: number;
  readonly maxSurge: number;
}

export interface RollingPlan {
  readonly deletePods: readonly Pod[];
  /** Nodes that get a new pod beside the old one. */
  readonly surgeOn: readonly string[];
}

interface NodeState {
  readonly node: string;
  readonly fresh: Pod | undefined;
  readonly old: Pod | undefined;
}

/**
 * Which daemons to replace now. Old pods that are not available go at once, since nothing is lost by it;
 * of the others as many as the limit leaves, and a node without an available pod has used some of it up.
 */
export function rollingPlan(
  nodes: readonly NodePods[],
  limits: RollingLimits,
  {
    isUpdated,
    isAvailable,
  }: {
    readonly isUpdated: (pod: Pod) => boolean;
    readonly isAvailable: (pod: Pod) => boolean;
  },
): RollingPlan {
  const states = nodes.map(({ node, pods }): NodeState => {
    const lasting = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    return {
      node,
      fresh: lasting.find(isUpdated),
      old: lasting.find((pod) => !isUpdated(pod)),
    };
  });
  return limits.maxSurge === 0
    ? replaceInPlace(states, limits.maxUnavailable, isAvailable)
    : surge(states, limits.maxSurge, isAvailable);
}

function replaceInPlace(
  states: readonly NodeState[],
  maxUnavailable: number,
  isAvailable: (pod: Pod) => boolean,
): RollingPlan {
  const unavailable = states.filter(({ fresh, old }) => {
    if (old !== undefined && fresh === undefined) return false; // judged below
    return old !== undefined || fresh === undefined || !isAvailable(fresh);
  }).length;
  const outdated = states
    .filter(({ fresh }) => fresh === undefined)
    .map(({ old }) => old)
    .filter((old) => old !== undefined);
  const free = outdated.filter((pod) => !isAvailable(pod));
  const left = Math.max(0, maxUnavailable - unavailable);
  return {
    deletePods: [...free, ...outdated.filter(isAvailable).slice(0, left)],
    surgeOn: [],
  };
}

function surge(
  states: readonly NodeState[],
  maxSurge: number,
  isAvailable: (pod: Pod) => boolean,
): RollingPlan {
  const deletePods: Pod[] = [];
  const needy: string[] = [];
  const candidates: string[] = [];
  let surging = 0;
  for (const { node, fresh, old } of states) {
    if (old === undefined) continue;
    if (fresh !== undefined) {
      if (isAvailable(fresh) || !isAvailable(old)) deletePods.push(old);
      else surging += 1;
    } else if (isAvailable(old)) {
      candidates.push(node);
    } else {
      needy.push(node);
    }
  }
  const left = Math.max(0, maxSurge - surging);
  return { deletePods, surgeOn: [...needy, ...candidates.slice(0, left)] };
}
