import type { SeriesPoint } from "#domain/report.ts";
import { formatCount, formatInstant } from "#reporting/format-quantity.ts";
import { chartRow } from "./chart-row.ts";
import { html, type Markup } from "./markup.ts";
import { peakOf, type StreamSeries } from "./stream-series.ts";
import type { TimeScale } from "./time-scale.ts";

/** Requests per second as an area, and failures on a scale of their own, or three in 200 would not show. */
export function rateRows(
  { stream, points }: StreamSeries,
  { scale, bucketMs }: { readonly scale: TimeScale; readonly bucketMs: number },
): Markup {
  const perSecond = (count: number) => (count * 1000) / bucketMs;
  const peak = perSecond(peakOf(points, ({ requests }) => requests)?.value ?? 0);
  const worst = peakOf(points, ({ failures }) => failures);
  const failed = points.reduce((sum, { failures }) => sum + failures, 0);
  const requests = points.reduce((sum, point) => sum + point.requests, 0);
  const ceiling = niceCeiling(peak);
  const area = areaPath(points, {
    ...{ scale, bucketMs, ceiling: (ceiling * bucketMs) / 1000 },
    value: ({ requests }) => requests,
  });
  const inAll = `${formatCount(requests)} in all`;
  const rate = chartRow({
    type: "rate",
    title: "requests/s",
    heights: [{ percent: 0, text: round(ceiling) }],
    description: `Requests per second on ${stream}: ${inAll}, at most ${round(peak)}/s.`,
    drawing: html`<path class="area" d="${area}"/>`,
  });
  if (worst === undefined || failed === 0) return rate;

  const worstRate = round(perSecond(worst.value));
  const bars = barsPath(points, { scale, bucketMs, ceiling: worst.value });
  const most = `most of them, ${worstRate}/s, at ${formatInstant(worst.atMs)}`;
  const failures = chartRow({
    type: "failed",
    title: "failed/s",
    heights: [{ percent: 0, text: worstRate }],
    description: `Failed requests on ${stream}: ${formatCount(failed)} in all, ${most}.`,
    drawing: html`<path class="base" d="M0 100H1000"/><path class="bars" d="${bars}"/>`,
  });
  return html`${rate}${failures}`;
}

/** A closed outline of one step per point; where points are missing it returns to the base line. */
export function areaPath(
  points: readonly SeriesPoint[],
  {
    scale,
    bucketMs,
    ceiling,
    value,
  }: ChartFrame & { readonly value: (point: SeriesPoint) => number },
): string {
  const x = (atMs: number) => Number((scale.percent(atMs) * 10).toFixed(3));
  const steps = points.map((point, index) => {
    const height = Number((100 - (100 * value(point)) / Math.max(ceiling, 1e-9)).toFixed(2));
    const previous = points[index - 1];
    const joined = previous !== undefined && point.atMs - previous.atMs < bucketMs * 1.5;
    const start = joined ? "" : `V100H${x(point.atMs)}`;
    return `${start}V${height}H${x(point.atMs + bucketMs)}`;
  });
  const first = points[0];
  return first === undefined ? "" : `M${x(first.atMs)} 100${steps.join("")}V100Z`;
}

/** One bar for each point that has failures. */
function barsPath(
  points: readonly SeriesPoint[],
  { scale, bucketMs, ceiling }: ChartFrame,
): string {
  const x = (atMs: number) => Number((scale.percent(atMs) * 10).toFixed(3));
  return points
    .filter(({ failures }) => failures > 0)
    .map(({ atMs, failures }) => {
      const height = Number((100 - (100 * failures) / ceiling).toFixed(2));
      return `M${x(atMs)} 100V${height}H${x(atMs + bucketMs)}V100Z`;
    })
    .join("");
}

interface ChartFrame {
  readonly scale: TimeScale;
  readonly bucketMs: number;
  /** The value at the upper edge. */
  readonly ceiling: number;
}

/** The next round number: the upper edge of a chart. */
export function niceCeiling(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return (
    ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * decade >= value) ?? 10) * decade
  );
}

function round(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
