import { Gauge, Histogram, Registry, type RegistryContentType } from "prom-client";
import type { Measurement } from "#domain/measurement.ts";
import { METRICS, type Metric, type MetricName, metricOf } from "#domain/metric.ts";
import type { LatencySummary, Report } from "#domain/report.ts";
import { LatencyMetric } from "./latency-metric.ts";

/** Kept apart by the scenario alone: a run's id would be one more series each night. */
const LABELS = ["scenario"] as const;

/** From a tenth of the usual delay of a data path to a grace period. */
const DEREGISTRATION_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Finished runs for Prometheus, the last of each scenario. Units are base units, in the name.
 *
 * Registries of the OpenMetrics form carry the run's id as exemplars; the older text form has none.
 */
export class RunMetrics {
  readonly registry: Registry<RegistryContentType>;
  readonly #verdict: Gauge;
  readonly #started: Gauge;
  readonly #terminations: Gauge;
  readonly #requests: Gauge;
  readonly #latency: Gauge;
  readonly #latencies = new LatencyMetric();
  readonly #deregistration: Histogram;
  readonly #measured: ReadonlyMap<MetricName, Gauge>;
  readonly #exemplars: boolean;

  constructor(registry: Registry<RegistryContentType> = new Registry()) {
    this.registry = registry;
    this.#exemplars = registry.contentType === Registry.OPENMETRICS_CONTENT_TYPE;
    const registers = [registry];
    const gauge = (name: string, help: string, ...labels: readonly string[]) =>
      new Gauge({ name, help, labelNames: [...LABELS, ...labels], registers });
    this.#verdict = gauge("lastcall_run_verdict", "1 for the verdict of the run.", "verdict");
    this.#started = gauge(
      "lastcall_run_started_timestamp_seconds",
      "When the last judged run was started.",
    );
    this.#terminations = gauge("lastcall_run_terminations", "Pods that left under load.");
    this.#requests = gauge(
      "lastcall_run_requests",
      "Requests of the run by outcome.",
      ...["stream", "outcome"],
    );
    this.#latency = gauge(
      "lastcall_run_request_latency_seconds",
      "Latency from the moment a request was due; window is control or disruption.",
      ...["stream", "window", "percentile"],
    );
    this.#latencies.register(registry);
    this.#deregistration = new Histogram({
      name: "lastcall_termination_deregistration_seconds",
      help: "From the deletion of a pod to its last new connection, one observation a termination.",
      labelNames: [...LABELS],
      buckets: DEREGISTRATION_BUCKETS,
      registers,
      enableExemplars: this.#exemplars,
    });
    this.#measured = new Map(
      METRICS.map((metric) => [metric.name, gauge(nameOf(metric), `${metric.title} of the run.`)]),
    );
  }

  /** Puts this run in the place of the scenario's last one; its terminations join those of before. */
  set(report: Report): void {
    const { header } = report;
    const { scenario, startedAt } = header;
    for (const verdict of ["pass", "inconclusive", "fail"] as const) {
      this.#verdict.set({ scenario, verdict }, verdict === report.verdict ? 1 : 0);
    }
    this.#started.set({ scenario }, Date.parse(startedAt) / 1000);
    this.#terminations.set({ scenario }, report.terminations.length);
    this.#setRequests(report);
    for (const { stream, control, exposed, counts } of report.latencies ?? []) {
      const before = { scenario, stream, window: "control" };
      const during = { scenario, stream, window: "disruption" };
      this.#setLatency(before, control);
      this.#setLatency(during, exposed);
      if (counts === undefined) continue;
      this.#latencies.add(before, counts.control, { header, summary: control });
      this.#latencies.add(during, counts.exposed, { header, summary: exposed });
    }
    for (const measurement of measurementsOf(report)) this.#setMeasured(measurement, report);
  }

  #setRequests({ header: { scenario }, closing }: Report): void {
    for (const { stream, ok, failed, indeterminate, undelivered } of closing.streams) {
      const outcomes = { ok, failed, indeterminate, undelivered };
      for (const [outcome, count] of Object.entries(outcomes)) {
        this.#requests.set({ scenario, stream, outcome }, count);
      }
    }
  }

  #setLatency(labels: Readonly<Record<string, string>>, summary: LatencySummary): void {
    // Not `quantile`: that label belongs to summaries.
    const percentiles = { "50": summary.p50Ms, "99": summary.p99Ms, "100": summary.maxMs };
    for (const [percentile, ms] of Object.entries(percentiles)) {
      if (ms === undefined) this.#latency.remove({ ...labels, percentile });
      else this.#latency.set({ ...labels, percentile }, ms / 1000);
    }
  }

  /** A metric that nobody measured is left out, also where the run before had measured it: 0 would be a claim. */
  #setMeasured({ metric: name, value, cases = [] }: Measurement, { header }: Report): void {
    const { scenario, runId } = header;
    const gauge = this.#measured.get(name);
    if (value === undefined) gauge?.remove({ scenario });
    else gauge?.set({ scenario }, inBaseUnit(metricOf(name), value));
    if (name !== "deregistration-latency") return;
    for (const ms of cases) {
      const seconds = ms / 1000;
      if (this.#exemplars) {
        const exemplarLabels = { run_id: runId };
        this.#deregistration.observe({ labels: { scenario }, value: seconds, exemplarLabels });
      } else this.#deregistration.observe({ scenario }, seconds);
    }
  }
}

function measurementsOf({ results, ungated }: Report): readonly Measurement[] {
  const gated = new Map(results.map(({ measurement }) => [measurement.metric, measurement]));
  return [...gated.values(), ...ungated];
}

/** `lastcall_deregistration_latency_seconds`, `lastcall_capacity_ratio`, `lastcall_forced_kills`. */
function nameOf({ name, unit }: Metric): string {
  const suffix = { ratio: "_ratio", ms: "_seconds", count: "" }[unit];
  return `lastcall_${name.replaceAll("-", "_")}${suffix}`;
}

function inBaseUnit({ unit }: Metric, value: number): number {
  return unit === "ms" ? value / 1000 : value;
}
