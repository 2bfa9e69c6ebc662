import type { Metric, Registry } from "prom-client";
import type { HistoryHeader } from "#domain/history.ts";
import type { LatencyCounts, LatencySummary } from "#domain/report.ts";

const NAME = "lastcall_request_latency_seconds";
const LABELS = ["scenario", "stream", "window"] as const;
type Labels = Readonly<Record<(typeof LABELS)[number], string>>;

interface Series {
  readonly labels: Labels;
  /** By upper bound in seconds, the last of them +Inf. */
  readonly counts: Map<number, number>;
  /** By the same bounds, in the form in which a registry writes them. */
  readonly exemplars: Map<number, Exemplar>;
  sum: number;
}

interface Exemplar {
  readonly labelSet: { readonly run_id: string };
  readonly value: number;
  readonly timestamp: number;
}

/**
 * The answers of finished runs as a classic histogram, to which each run adds its own. prom-client's takes one
 * observation at a time, and a run has a million of them already counted; so this gives the registry the counts.
 */
export class LatencyMetric {
  readonly name = NAME;
  readonly #series = new Map<string, Series>();

  register(registry: Pick<Registry, "registerMetric">): void {
    // Of a metric a registry asks its name and its values; the type wants the methods of a gauge as well.
    registry.registerMetric(this as unknown as Metric);
  }

  add(
    labels: Labels,
    { sumMs, upTo }: LatencyCounts,
    { header, summary }: { readonly header: HistoryHeader; readonly summary: LatencySummary },
  ): void {
    const key = JSON.stringify(LABELS.map((label) => labels[label]));
    const series = this.#series.get(key) ?? emptySeries(labels, upTo);
    this.#series.set(key, series);
    series.sum += sumMs / 1000;
    for (const { ms, answers } of upTo) grow(series.counts, ms / 1000, answers);
    grow(series.counts, Number.POSITIVE_INFINITY, summary.answers);
    const { p50Ms, p99Ms, maxMs } = summary;
    const labelSet = { run_id: header.runId };
    const timestamp = Date.parse(header.startedAt) / 1000;
    for (const ms of [p50Ms, p99Ms, maxMs]) {
      if (ms === undefined) continue;
      const value = ms / 1000;
      const bound = [...series.counts.keys()].find((seconds) => value <= seconds);
      if (bound !== undefined) series.exemplars.set(bound, { labelSet, value, timestamp });
    }
  }

  /** For the registry. */
  async get() {
    const values = [...this.#series.values()].flatMap((series) => valuesOf(series));
    const help =
      "Latency of answers from the moment they were due; window is control or disruption.";
    return { name: NAME, help, type: "histogram", values };
  }
}

function emptySeries(labels: Labels, upTo: LatencyCounts["upTo"]): Series {
  const bounds = [...upTo.map(({ ms }) => ms / 1000), Number.POSITIVE_INFINITY];
  const counts = new Map(bounds.map((seconds) => [seconds, 0] as const));
  return { labels, counts, exemplars: new Map(), sum: 0 };
}

function grow(counts: Map<number, number>, bound: number, by: number): void {
  counts.set(bound, (counts.get(bound) ?? 0) + by);
}

function valuesOf({ labels, counts, exemplars, sum }: Series) {
  const buckets = [...counts].map(([bound, value]) => {
    const exemplar = exemplars.get(bound);
    return {
      metricName: `${NAME}_bucket`,
      labels: { ...labels, le: bound === Number.POSITIVE_INFINITY ? "+Inf" : bound },
      value,
      // Only the OpenMetrics form writes it.
      ...(exemplar && { exemplar }),
    };
  });
  const total = counts.get(Number.POSITIVE_INFINITY) ?? 0;
  return [
    ...buckets,
    { metricName: `${NAME}_sum`, labels, value: sum },
    { metricName: `${NAME}_count`, labels, value: total },
  ];
}
