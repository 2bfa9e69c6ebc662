import type { Disruption } from "#domain/disruption.ts";
import type { HistoryHeader } from "#domain/history.ts";
import { recordedLoad } from "#domain/recorded-load.ts";
import type { ServiceAddress } from "#ports/cluster.ts";
import type { RunOptions } from "./run-options.ts";

/** What is done to the workload, in order. */
export interface DisruptionPlan {
  readonly disruptions: readonly Disruption[];
  /** By which they were drawn, if they were. */
  readonly seed?: number;
}

/** What is known of a run before its first request. */
export function headerOf(
  { scenario, cluster, identity }: RunOptions,
  { disruptions, seed }: DisruptionPlan,
  { via, hosts }: ServiceAddress,
): HistoryHeader {
  return {
    format: 1,
    runId: identity.runId,
    scenario: scenario.name,
    startedAt: identity.startedAt,
    workload: scenario.workload,
    disruptions,
    load: recordedLoad(scenario.load),
    entrances: hosts,
    marginMs: scenario.timing.marginMs,
    environment: {
      ...identity.environment,
      cluster: cluster.description,
      kubernetes: cluster.kubernetesVersion,
      reached: via,
      ...(cluster.sharesMachine && { sharesMachine: cluster.sharesMachine }),
      ...(seed !== undefined && { seed }),
    },
    ...(identity.feature !== undefined && { feature: identity.feature }),
    ...(identity.recipe !== undefined && { recipe: identity.recipe }),
  };
}
