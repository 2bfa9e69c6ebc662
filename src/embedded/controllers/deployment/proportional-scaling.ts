import type { ReplicaSet } from "#embedded/api/objects.ts";
import { DESIRED_REPLICAS, MAX_REPLICAS } from "./replica-set-annotations.ts";
import type { Resize } from "./rolling-update.ts";
import { allOf, olderFirst, type Rollout, wantedReplicas } from "./rollout.ts";
import { rolloutLimits } from "./rollout-limits.ts";

/** True when `spec.replicas` of the Deployment changed since its ReplicaSets were last told. */
export function wasScaled(rollout: Rollout): boolean {
  const { replicas } = rolloutLimits(rollout.deployment);
  return allOf(rollout)
    .filter(isActive)
    .some((replicaSet) => {
      const desired = annotatedNumber(replicaSet, DESIRED_REPLICAS);
      return desired !== undefined && desired !== replicas;
    });
}

/**
 * The sizes after a change of `spec.replicas`: all of it for the only ReplicaSet that has pods; in the
 * middle of a rollout each gets its share, so that the rollout is as risky as before.
 */
export function scaledSizes(rollout: Rollout): readonly Resize[] {
  const { deployment, newest, old } = rollout;
  const { replicas } = rolloutLimits(deployment);
  const only = activeOrLatest(rollout);
  if (only !== undefined) return [{ replicaSet: only, replicas }];
  if (newest !== undefined && isSaturated(newest, replicas)) {
    return old.filter(isActive).map((replicaSet) => ({ replicaSet, replicas: 0 }));
  }
  if (deployment.spec.strategy?.type === "Recreate") return [];
  return shares(rollout);
}

function shares(rollout: Rollout): readonly Resize[] {
  const { replicas, maxSurge } = rolloutLimits(rollout.deployment);
  const active = allOf(rollout).filter(isActive);
  const toAdd = (replicas > 0 ? replicas + maxSurge : 0) - wantedReplicas(active);
  const bySize = active.toSorted(
    (a, b) =>
      (b.spec.replicas ?? 0) - (a.spec.replicas ?? 0) ||
      (toAdd > 0 ? olderFirst(b, a) : olderFirst(a, b)),
  );
  let added = 0;
  const sizes = bySize.map((replicaSet) => {
    const size = replicaSet.spec.replicas ?? 0;
    const share = growth(replicaSet, rollout);
    const left = toAdd - added;
    const change = toAdd === 0 ? 0 : toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
    added += change;
    return { replicaSet, replicas: size + change };
  });
  // What rounding left over goes to the largest.
  return sizes.map((size, index) =>
    index === 0 ? { ...size, replicas: Math.max(0, size.replicas + toAdd - added) } : size,
  );
}

/** By how much a ReplicaSet would change if it kept its share of the whole. */
function growth(replicaSet: ReplicaSet, { deployment }: Rollout): number {
  const { replicas, maxSurge } = rolloutLimits(deployment);
  const size = replicaSet.spec.replicas ?? 0;
  if (replicas === 0) return -size;
  const before = annotatedNumber(replicaSet, MAX_REPLICAS) || (deployment.status.replicas ?? 0);
  return before === 0 ? 0 : Math.round((size * (replicas + maxSurge)) / before) - size;
}

function activeOrLatest(rollout: Rollout): ReplicaSet | undefined {
  const active = allOf(rollout).filter(isActive);
  if (active.length > 1) return undefined;
  return active[0] ?? rollout.newest ?? rollout.old.at(-1);
}

function isSaturated(newest: ReplicaSet, replicas: number): boolean {
  return (
    newest.spec.replicas === replicas &&
    annotatedNumber(newest, DESIRED_REPLICAS) === replicas &&
    (newest.status.availableReplicas ?? 0) === replicas
  );
}

function isActive({ spec }: ReplicaSet): boolean {
  return (spec.replicas ?? 0) > 0;
}

function annotatedNumber({ metadata }: ReplicaSet, name: string): number | undefined {
  const text = metadata.annotations?.[name];
  return text === undefined ? undefined : Number(text);
}
