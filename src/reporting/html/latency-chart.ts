import type { SeriesPoint } from "#domain/report.ts";
import { formatDuration, formatInstant } from "#reporting/format-quantity.ts";
import { chartRow } from "./chart-row.ts";
import { html, type Markup } from "./markup.ts";
import { peakOf, type StreamSeries } from "./stream-series.ts";
import type { TimeScale } from "./time-scale.ts";

/** p50, p99 and maximum over time. The scale is logarithmic: a stall is a thousand medians high. */
export function latencyRow(
  { stream, points }: StreamSeries,
  { scale, bucketMs }: { readonly scale: TimeScale; readonly bucketMs: number },
): Markup | undefined {
  const range = decadesOf(points);
  if (range === undefined) return undefined;
  const y = (ms: number) => 100 * (1 - (Math.log10(ms) - range.low) / (range.high - range.low));
  const line = (value: Percentile) => linePath(points, { scale, bucketMs, y, value });
  const decades = Array.from(
    { length: range.high - range.low + 1 },
    (_, index) => range.low + index,
  );
  const grid = decades.map((decade) => `M0 ${y(10 ** decade).toFixed(2)}H1000`).join("");
  return chartRow({
    type: "latency",
    title: "latency",
    heights: decades
      .filter((decade) => decades.length <= MOST_LABELS || (range.high - decade) % 2 === 0)
      .map((decade) => ({ percent: y(10 ** decade), text: formatDuration(10 ** decade) })),
    description: describe(stream, points),
    drawing: html`<path class="grid" d="${grid}"/>
<path class="line max" d="${line(({ maxMs }) => maxMs)}"/>
<path class="line p99" d="${line(({ p99Ms }) => p99Ms)}"/>
<path class="line p50" d="${line(({ p50Ms }) => p50Ms)}"/>`,
  });
}

/** More would touch each other; then every second decade is named. */
const MOST_LABELS = 5;

type Percentile = (point: SeriesPoint) => number | undefined;

function describe(stream: string, points: readonly SeriesPoint[]): string {
  const parts = [
    ["p50", peakOf(points, ({ p50Ms }) => p50Ms)] as const,
    ["p99", peakOf(points, ({ p99Ms }) => p99Ms)] as const,
    ["maximum", peakOf(points, ({ maxMs }) => maxMs)] as const,
  ].flatMap(([name, peak]) =>
    peak === undefined
      ? []
      : [`highest ${name} ${formatDuration(peak.value)} at ${formatInstant(peak.atMs)}`],
  );
  return `Latency on ${stream}: ${parts.join(", ")}.`;
}

/** The whole decades that hold every value; at least one, so that a flat line has a place. */
function decadesOf(points: readonly SeriesPoint[]) {
  const values = points
    .flatMap(({ p50Ms, p99Ms, maxMs }) => [p50Ms, p99Ms, maxMs])
    .filter((ms) => ms !== undefined && ms > 0)
    .map((ms) => Math.log10(ms ?? 1));
  if (values.length === 0) return undefined;
  const low = Math.floor(values.reduce((a, b) => Math.min(a, b)));
  const high = Math.ceil(values.reduce((a, b) => Math.max(a, b)));
  return { low, high: Math.max(high, low + 1) };
}

/** Through the middle of each bucket; broken where a bucket had no answer. */
function linePath(
  points: readonly SeriesPoint[],
  {
    scale,
    bucketMs,
    y,
    value,
  }: {
    readonly scale: TimeScale;
    readonly bucketMs: number;
    readonly y: (ms: number) => number;
    readonly value: Percentile;
  },
): string {
  let drawing = false;
  return points
    .map((point) => {
      const ms = value(point);
      const joins = drawing;
      drawing = ms !== undefined && ms > 0;
      if (ms === undefined || ms <= 0) return "";
      const x = scale.percent(point.atMs + bucketMs / 2) * 10;
      return `${joins ? "L" : "M"}${Number(x.toFixed(3))} ${y(ms).toFixed(2)}`;
    })
    .join("");
}
