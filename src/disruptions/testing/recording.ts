import { readFileSync } from "node:fs";
import { type ClusterView, EMPTY_VIEW, foldObservation } from "#domain/cluster-view.ts";
import type { Observation } from "#domain/observation.ts";
import type { Clock } from "#ports/clock.ts";
import type { ObservedCluster } from "#ports/observed-cluster.ts";

/** What a Kubernetes 1.36.2 showed its clients, from `recorded/`; what was there before is at -1 ms. */
export function recorded(name: string): readonly Observation[] {
  const file = new URL(`./recorded/${name}.ndjson`, import.meta.url);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Observation); // written from a trace of the API
}

/**
 * A cluster whose future is written: a wait plays it on, observation by observation, until the predicate
 * holds, the deadline passes, or nothing more happens. It is its own clock.
 */
export class Recording implements ObservedCluster, Clock {
  /** What the disruption itself reported. */
  readonly received: Observation[] = [];
  readonly #future: Observation[];
  #view: ClusterView = EMPTY_VIEW;
  #nowMs = 0;

  constructor(observations: readonly Observation[]) {
    this.#future = observations.filter(({ atMs }) => atMs >= 0);
    for (const past of observations.filter(({ atMs }) => atMs < 0)) this.#fold(past);
  }

  get view(): ClusterView {
    return this.#view;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  async sleep(ms: number): Promise<void> {
    this.#nowMs += ms;
  }

  receive(observation: Observation): void {
    this.received.push(observation);
  }

  async until(predicate: (view: ClusterView) => boolean, withinMs: number): Promise<boolean> {
    const deadlineMs = this.#nowMs + withinMs;
    while (!predicate(this.#view)) {
      const next = this.#future[0];
      if (next === undefined || next.atMs > deadlineMs) {
        this.#nowMs = deadlineMs;
        return false;
      }
      this.#future.shift();
      this.#nowMs = next.atMs;
      this.#fold(next);
    }
    return true;
  }

  #fold(observation: Observation): void {
    this.#view = foldObservation(this.#view, observation);
  }
}
