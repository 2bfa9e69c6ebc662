import type { ClusterView } from "#domain/cluster-view.ts";
import type { Observation } from "#domain/observation.ts";

/** The cluster as the run has observed it so far, for those who wait for it to change. */
export interface ObservedCluster {
  readonly view: ClusterView;
  /** Takes one more observation into the history and the view; wakes whoever waits for it. */
  receive(observation: Observation): void;
  /**
   * Resolves to true once the view satisfies the predicate, which is asked now and after each
   * observation; to false when that did not happen in time. Rejects when the signal aborts.
   */
  until(
    predicate: (view: ClusterView) => boolean,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<boolean>;
}
