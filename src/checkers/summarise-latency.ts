import type { LatencyHistogram } from "#domain/latency-histogram.ts";
import type { LatencyCounts, LatencySummary } from "#domain/report.ts";

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

/** From what a fast answer takes to a grace period. */
const BOUNDS_MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

/** What can still be added to the answers of other runs: percentiles cannot. */
export function countLatency(histogram: LatencyHistogram): LatencyCounts {
  const counts = histogram.countsUpTo(BOUNDS_MS);
  return {
    sumMs: histogram.sumMs,
    upTo: BOUNDS_MS.map((ms, place) => ({ ms, answers: counts[place] ?? 0 })),
  };
}
