import type { LatencyHistogram } from "#domain/latency-histogram.ts";
import type { LatencySummary } from "#domain/report.ts";

/** The quantiles that a report shows of many answers; only their number where there was none. */
export function summariseLatency(histogram: LatencyHistogram): LatencySummary {
  const { total, maxMs } = histogram;
  if (maxMs === undefined) return { answers: total };
  const at = (quantile: number) => histogram.atQuantile(quantile) ?? maxMs;
  return {
    answers: total,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
    p999Ms: at(0.999),
    maxMs,
  };
}
