import { type ClusterView, readyEndpoints } from "#domain/cluster-view.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import type { MetricName } from "#domain/metric.ts";
import type { PromiseStanding } from "#domain/promise-standing.ts";
import type { Threshold } from "#domain/threshold.ts";
import type { LoadProgress } from "#ports/load-driver.ts";

const KILLED = 137;

/** Counts what can be counted of the promises while the run goes on; the judge asks the history anew. */
export class PromiseWatch {
  readonly #thresholds: readonly Threshold[];
  /** Transactions have a promise of their own. */
  readonly #requestStreams: ReadonlySet<string>;
  readonly #streams = new Map<string, { requests: number; failures: number }>();
  readonly #leaving = new Set<string>();
  readonly #killed = new Set<string>();
  #begun = false;
  #view: ClusterView | undefined;
  #leastReadyRatio: number | undefined;

  constructor(thresholds: readonly Threshold[], load: readonly LoadStream[]) {
    this.#thresholds = thresholds;
    this.#requestStreams = new Set(
      load.filter(({ type }) => type === "reused" || type === "fresh").map(({ name }) => name),
    );
  }

  /** From now on it counts: the disruption begins. */
  begin(): void {
    this.#begun = true;
  }

  seeCluster(view: ClusterView): void {
    this.#view = view;
    if (!this.#begun) return;
    for (const { uid, deletionTimestamp, containers } of view.pods.values()) {
      if (deletionTimestamp === undefined) continue;
      this.#leaving.add(uid);
      for (const { name, exitCode, reason } of containers) {
        if (exitCode === KILLED && reason !== "OOMKilled") this.#killed.add(`${uid} ${name}`);
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
        return this.#killed.size;
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
