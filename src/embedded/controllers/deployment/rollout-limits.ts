import type { Deployment } from "#embedded/api/objects.ts";
import { intOrPercent } from "#embedded/controllers/meta/int-or-percent.ts";

export interface RolloutLimits {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/**
 * How far a rollout may stray from the wanted number of pods. The surge is rounded up and the shortfall
 * down; a rollout that could do neither would stand still, so then one pod may be missing.
 */
export function rolloutLimits({ spec }: Deployment): RolloutLimits {
  const replicas = spec.replicas ?? 1;
  if (spec.strategy?.type === "Recreate") return { replicas, maxSurge: 0, maxUnavailable: 0 };
  const { maxSurge = "25%", maxUnavailable = "25%" } = spec.strategy?.rollingUpdate ?? {};
  const surge = intOrPercent(maxSurge, replicas, "up");
  const unavailable = intOrPercent(maxUnavailable, replicas, "down");
  const effective = surge === 0 && unavailable === 0 ? 1 : unavailable;
  return { replicas, maxSurge: surge, maxUnavailable: Math.min(effective, replicas) };
}
