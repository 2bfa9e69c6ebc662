import type { SeriesPoint } from "#domain/report.ts";
import { formatCount, formatInstant } from "#reporting/format-quantity.ts";
import { html, type Markup, trusted } from "./markup.ts";
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
  const area = areaPath(points, { scale, bucketMs, ceiling: (ceiling * bucketMs) / 1000 });
  const summary = `Requests per second on ${stream}: ${formatCount(requests)} in all, at most ${round(peak)}/s.`;
  const rate = html`<div class="row chart rate"><div class="label">requests/s<span class="tick-y top">${round(ceiling)}</span></div><div class="plot"><svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="${summary}"><path class="area" d="${trusted(area)}"/></svg></div></div>`;
  if (worst === undefined || failed === 0) return rate;

  const bars = barsPath(points, { scale, bucketMs, ceiling: worst.value });
  const told = `Failed requests on ${stream}: ${formatCount(failed)} in all, most of them, ${round(perSecond(worst.value))}/s, at ${formatInstant(worst.atMs)}.`;
  return html`${rate}<div class="row chart failed"><div class="label">failed/s<span class="tick-y top">${round(perSecond(worst.value))}</span></div><div class="plot"><svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="${told}"><path class="base" d="M0 100H1000"/><path class="bars" d="${trusted(bars)}"/></svg></div></div>`;
}

/** A closed outline of one step per point; where points are missing it returns to the base line. */
function areaPath(
  points: readonly SeriesPoint[],
  { scale, bucketMs, ceiling }: ChartFrame,
): string {
  const x = (atMs: number) => Number((scale.percent(atMs) * 10).toFixed(3));
  const steps = points.map((point, index) => {
    const height = Number((100 - (100 * point.requests) / Math.max(ceiling, 1e-9)).toFixed(2));
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

function niceCeiling(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return (
    ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * decade >= value) ?? 10) * decade
  );
}

function round(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
