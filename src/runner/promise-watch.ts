import { type ClusterView, readyEndpoints } from "#domain/cluster-view.ts";
import { containerExits } from "#domain/container-exits.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import type { MetricName } from "#domain/metric.ts";
import type { PodSnapshot } from "#domain/observation.ts";
import type { PromiseStanding } from "#domain/promise-standing.ts";
import type { Threshold } from "#domain/threshold.ts";
import type { LoadProgress } from "#ports/load-driver.ts";

/** Counts what can be counted of the promises while the run goes on; the judge asks the history anew. */
export class PromiseWatch {
  readonly #thresholds: readonly Threshold[];
  /** Transactions have a promise of their own. */
  readonly #requestStreams: ReadonlySet<string>;
  readonly #streams = new Map<string, { requests: number; failures: number }>();
  /** When each pod that leaves was first seen to leave, by its uid. */
  readonly #leaving = new Map<string, number>();
  /** How many containers of each pod that ended were killed, as it was first seen to have ended. */
  readonly #killed = new Map<string, number>();
  #begun = false;
  #view: ClusterView | undefined;
  #leastReadyRatio: number | undefined;

  constructor(thresholds: readonly Threshold[], load: readonly LoadStream[]) {
    this.#thresholds = thresholds;
    this.#requestStreams = new Set(
      load.filter(({ type }) => type !== "transactions").map(({ name }) => name),
    );
  }

  /** From now on it counts: the disruption begins. */
  begin(): void {
    this.#begun = true;
  }

  /** What the cluster looks like since `atMs`. */
  seeCluster(view: ClusterView, atMs: number): void {
    this.#view = view;
    if (!this.#begun) return;
    for (const pod of view.pods.values()) {
      const { uid, deletionTimestamp, containers } = pod;
      if (deletionTimestamp === undefined) continue;
      const sinceMs = this.#leaving.get(uid) ?? atMs;
      this.#leaving.set(uid, sinceMs);
      const hasEnded = containers.every(({ exitCode }) => exitCode !== undefined);
      if (hasEnded && !this.#killed.has(uid)) {
        this.#killed.set(uid, forcedOf(pod, atMs - sinceMs));
      }
    }
  }

  seeLoad(progress: readonly LoadProgress[]): void {
    if (!this.#begun) return;
    for (const { stream, requests, failures } of progress) {
      const sums = this.#streams.get(stream) ?? { requests: 0, failures: 0 };
      this.#streams.set(stream, sums);
      sums.requests += requests;
      sums.failures += failures;
    }
    this.#seeCapacity();
  }

  /** In the order in which they were asked. */
  get standings(): readonly PromiseStanding[] {
    return this.#thresholds.map((threshold) => {
      const soFar = this.#soFar(threshold.metric);
      return { threshold, ...(soFar !== undefined && { soFar }) };
    });
  }

  /** With the load's reports, not at each change: separate watches show a moment in two steps. */
  #seeCapacity(): void {
    const desired = this.#view?.workload?.desired;
    if (this.#view === undefined || desired === undefined || desired === 0) return;
    const ready = readyEndpoints(this.#view).size / desired;
    this.#leastReadyRatio = Math.min(ready, this.#leastReadyRatio ?? ready);
  }

  #soFar(metric: MetricName): number | undefined {
    if (!this.#begun) return undefined;
    switch (metric) {
      case "request-error-rate":
        return this.#worstErrorRate();
      case "failures-per-termination":
        return this.#leaving.size === 0 ? undefined : this.#failures() / this.#leaving.size;
      case "forced-kills":
        return [...this.#killed.values()].reduce((sum, killed) => sum + killed, 0);
      case "capacity":
        return this.#leastReadyRatio;
      case "dropped-requests":
      case "transaction-completion-rate":
      case "deregistration-latency":
      case "stale-requests":
      case "longest-gap":
      case "grace-used":
      case "audit-violations":
      case "leaks":
      case "cut-connections":
        return undefined;
    }
  }

  #worstErrorRate(): number | undefined {
    const rates = [...this.#streams]
      .filter(([stream, { requests }]) => this.#requestStreams.has(stream) && requests > 0)
      .map(([, { requests, failures }]) => failures / requests);
    return rates.length === 0 ? undefined : Math.max(...rates);
  }

  #failures(): number {
    return [...this.#streams.values()].reduce((sum, { failures }) => sum + failures, 0);
  }
}

function forcedOf(pod: PodSnapshot, afterMs: number): number {
  const { deletionGracePeriodSeconds: graceSeconds = 0 } = pod;
  return containerExits(pod, { afterMs, graceSeconds }).filter(({ forced }) => forced).length;
}
