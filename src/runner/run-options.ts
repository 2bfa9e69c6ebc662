import type { FeatureText } from "#domain/feature-text.ts";
import type { Environment } from "#domain/history.ts";
import type { Recipe } from "#domain/recipe.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { Threshold } from "#domain/threshold.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { StartLoad } from "#ports/load-driver.ts";
import type { Machine } from "#ports/machine.ts";
import type { Progress } from "#ports/progress.ts";
import type { RunStore } from "#ports/run-store.ts";
import type { UndoLog } from "#ports/undo-log.ts";

/** Everything a run is given; it chooses none of it. */
export interface RunOptions {
  readonly scenario: Scenario;
  readonly replicas: number | undefined;
  readonly cluster: Cluster;
  readonly startLoad: StartLoad;
  /** Whether that load comes from pods of the cluster, which reach a Service where this machine does not. */
  readonly loadsFromInside?: boolean;
  readonly store: RunStore;
  readonly undo: UndoLog;
  /** Whether pods of this namespace may be made to leave, as a drain does to all that it meets. */
  readonly mayTouch: (namespace: string) => boolean;
  /** The largest share of the ready pods that one disruption may take away at once. */
  readonly maxDisruptedRatio: number;
  /** What will be asked of the run, as far as it is known; what nobody asks for is not waited for. */
  readonly thresholds: readonly Threshold[];
  readonly clock: Clock;
  readonly machine: Machine;
  readonly progress: Progress;
  readonly identity: RunIdentity;
  readonly signal: AbortSignal;
}

/** What makes this run this one; taken where clocks and environments are known. */
interface RunIdentity {
  readonly runId: string;
  readonly startedAt: string;
  /** The run's zero on the epoch of `performance`, so that load workers share its clock. */
  readonly zeroAtMs: number;
  readonly environment: Omit<Environment, "cluster" | "kubernetes">;
  /** Absent when no feature asks for it. */
  readonly feature?: FeatureText;
  /** Absent when the scenario is not in a file that could be read again. */
  readonly recipe?: Recipe;
}
