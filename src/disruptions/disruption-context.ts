import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { ObservedCluster } from "#ports/observed-cluster.ts";

/** What every disruption is given: the cluster to act on, the eyes to wait with, and its limits. */
export interface DisruptionContext {
  readonly cluster: Cluster;
  readonly observed: ObservedCluster;
  readonly clock: Clock;
  /** Marks what this run changed, for whoever finds it in the cluster later. */
  readonly runId: string;
  /** How long a disruption may take until the workload has settled again. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}
