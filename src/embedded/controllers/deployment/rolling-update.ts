import type { ReplicaSet } from "#embedded/api/objects.ts";
import { allOf, type Rollout, wantedReplicas } from "./rollout.ts";
import { rolloutLimits } from "./rollout-limits.ts";

/** One change of a ReplicaSet's size. */
export interface Resize {
  readonly replicaSet: ReplicaSet;
  readonly replicas: number;
}

/** As many of the new pods as the surge leaves room for. Terminating pods take up no room. */
export function newReplicas({ deployment, newest, old }: Rollout): number {
  const { replicas, maxSurge } = rolloutLimits(deployment);
  const has = newest?.spec.replicas ?? 0;
  if (deployment.spec.strategy?.type === "Recreate") return replicas;
  const room = replicas + maxSurge - wantedReplicas(old) - has;
  return room <= 0 ? has : has + Math.min(room, replicas - has);
}

/**
 * What of the old pods can go now: first those that are not available anyway, then as many available ones
 * as the limit allows, and each time from the oldest ReplicaSet on. New pods that are not available yet
 * count as missing already.
 */
export function oldScaleDowns(rollout: Rollout): readonly Resize[] {
  const { deployment, newest, old } = rollout;
  const { replicas, maxUnavailable } = rolloutLimits(deployment);
  const minAvailable = replicas - maxUnavailable;
  const newUnavailable = (newest?.spec.replicas ?? 0) - availableOf(newest);
  const maxScaledDown = wantedReplicas(allOf(rollout)) - minAvailable - newUnavailable;
  if (wantedReplicas(old) === 0 || maxScaledDown <= 0) return [];

  const unhealthy = takeFrom(
    old.map((replicaSet) => ({ replicaSet, replicas: replicaSet.spec.replicas ?? 0 })),
    maxScaledDown,
    ({ replicaSet, replicas: size }) => size - availableOf(replicaSet),
  );
  const available = allOf(rollout).reduce((sum, replicaSet) => sum + availableOf(replicaSet), 0);
  const healthy = takeFrom(
    old.map((replicaSet) => latest(unhealthy, replicaSet)),
    available - minAvailable,
    ({ replicas: size }) => size,
  );
  return [...unhealthy, ...healthy];
}

/** Pods above the wanted size are about to be deleted, whatever the status still says of them. */
function availableOf(replicaSet: ReplicaSet | undefined): number {
  const { spec, status } = replicaSet ?? {};
  return Math.min(status?.availableReplicas ?? 0, spec?.replicas ?? 0);
}

function takeFrom(
  sizes: readonly Resize[],
  limit: number,
  removable: (size: Resize) => number,
): readonly Resize[] {
  let left = limit;
  return sizes.flatMap((size) => {
    const taken = Math.min(left, size.replicas, Math.max(0, removable(size)));
    if (taken <= 0) return [];
    left -= taken;
    return [{ ...size, replicas: size.replicas - taken }];
  });
}

function latest(resizes: readonly Resize[], replicaSet: ReplicaSet): Resize {
  const unchanged = { replicaSet, replicas: replicaSet.spec.replicas ?? 0 };
  return resizes.find((resize) => resize.replicaSet === replicaSet) ?? unchanged;
}
