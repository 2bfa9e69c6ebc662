import type { Measurement } from "#domain/measurement.ts";
import type { MetricName } from "#domain/metric.ts";
import type { Report } from "#domain/report.ts";
import type { Verdict } from "#domain/verdict.ts";

/** What was measured of a metric, whether or not anybody had asked for a promise. */
export function measurementOf(
  { results, ungated }: Report,
  metric: MetricName,
): Measurement | undefined {
  return [...results.map(({ measurement }) => measurement), ...ungated].find(
    (measurement) => measurement.metric === metric,
  );
}

/** The worst verdict of the promises about a metric; undefined when nobody asked for one. */
export function verdictOf({ results }: Report, metric: MetricName): Verdict | undefined {
  const verdicts = results.flatMap(({ threshold, verdict }) =>
    threshold.metric === metric ? [verdict] : [],
  );
  return (["fail", "inconclusive", "pass"] as const).find((verdict) => verdicts.includes(verdict));
}

/** The slowest request as far as the load says it or the series show it. */
export function slowestRequestMs({ header, series }: Report): number {
  const declared = header.load.map((stream) => ("takesMs" in stream ? (stream.takesMs ?? 0) : 0));
  const seen = series.map(({ maxMs }) => maxMs ?? 0);
  return Math.max(0, ...declared, ...seen);
}
