import { Gauge, Registry } from "prom-client";
import type { Measurement } from "#domain/measurement.ts";
import { type Metric, metricOf } from "#domain/metric.ts";
import type { Report } from "#domain/report.ts";

/**
 * A finished run in Prometheus' text format, for a textfile collector or a Pushgateway. Units are base
 * units in the name; the only label that grows is the scenario.
 */
export async function renderMetrics(report: Report): Promise<string> {
  const registry = new Registry();
  registry.setDefaultLabels({ scenario: report.header.scenario });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });

  const verdict = gauge("lastcall_run_verdict", "1 for the verdict of the run.", ["verdict"]);
  for (const each of ["pass", "inconclusive", "fail"] as const) {
    verdict.set({ verdict: each }, each === report.verdict ? 1 : 0);
  }
  gauge("lastcall_run_terminations", "Pods that left under load.").set(report.terminations.length);
  const requests = gauge("lastcall_run_requests", "Requests of the run by outcome.", [
    "stream",
    "outcome",
  ]);
  for (const { stream, ok, failed, indeterminate, undelivered } of report.closing.streams) {
    const outcomes = { ok, failed, indeterminate, undelivered };
    for (const [outcome, count] of Object.entries(outcomes)) {
      requests.set({ stream, outcome }, count);
    }
  }
  for (const measurement of measurementsOf(report)) {
    const { value } = measurement;
    // A metric that nobody measured is left out: 0 would be a claim.
    if (value === undefined) continue;
    const metric = metricOf(measurement.metric);
    gauge(nameOf(metric), `${metric.title} of the run.`).set(inBaseUnit(metric, value));
  }
  return await registry.metrics();
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
