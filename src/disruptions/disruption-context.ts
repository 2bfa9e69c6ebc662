import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { ObservedCluster } from "#ports/observed-cluster.ts";
import type { UndoLog } from "#ports/undo-log.ts";

/** What every disruption is given: the cluster to act on, the eyes to wait with, and its limits. */
export interface DisruptionContext {
  readonly cluster: Cluster;
  readonly observed: ObservedCluster;
  readonly clock: Clock;
  /** Where each change is written down before it is made. */
  readonly undo: UndoLog;
  /** Marks what this run changed, for whoever finds it in the cluster later. */
  readonly runId: string;
  /** The wall clock at the run's zero, ISO 8601: some objects of the API want to be told the time. */
  readonly startedAt: string;
  /** Whether pods of this namespace may be made to leave their node. */
  readonly mayTouch: (namespace: string) => boolean;
  /** Addresses by which the load comes in: the nodes that have them stay on. */
  readonly entrances: readonly string[];
  /** The largest share of the ready pods that one disruption may take away at once. */
  readonly maxDisruptedRatio: number;
  /** How long a disruption may take until the workload has settled again. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}
