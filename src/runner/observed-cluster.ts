import { type ClusterView, EMPTY_VIEW, foldObservation } from "#domain/cluster-view.ts";
import type { Observation } from "#domain/observation.ts";
import type { Clock } from "#ports/clock.ts";
import type { ObservedCluster as ObservedClusterPort } from "#ports/observed-cluster.ts";

/** Folds observations into the present view, hands each on, and wakes whoever waits for the view to change. */
export class ObservedCluster implements ObservedClusterPort {
  readonly #clock: Clock;
  readonly #onObservation: (observation: Observation) => void;
  readonly #waiting = new Set<() => void>();
  #view: ClusterView = EMPTY_VIEW;

  constructor(clock: Clock, onObservation: (observation: Observation) => void) {
    this.#clock = clock;
    this.#onObservation = onObservation;
  }

  get view(): ClusterView {
    return this.#view;
  }

  receive(observation: Observation): void {
    this.#view = foldObservation(this.#view, observation);
    this.#onObservation(observation);
    for (const look of this.#waiting) look();
  }

  async until(
    predicate: (view: ClusterView) => boolean,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    signal.throwIfAborted();
    if (predicate(this.#view)) return true;
    const over = new AbortController();
    const { promise: satisfied, resolve, reject } = Promise.withResolvers<true>();
    const look = () => {
      try {
        if (predicate(this.#view)) resolve(true);
      } catch (error) {
        reject(error); // the predicate's fault is its owner's, not the watch's that woke it
      }
    };
    this.#waiting.add(look);
    try {
      const stop = AbortSignal.any([signal, over.signal]);
      const tooLate = this.#clock.sleep(withinMs, stop).then(() => false as const);
      return await Promise.race([satisfied, tooLate]);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      this.#waiting.delete(look);
      over.abort(); // no timer outlives the wait
    }
  }
}
