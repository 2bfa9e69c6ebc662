import type { SeriesPoint } from "#domain/report.ts";
import { formatInstant } from "#reporting/format-quantity.ts";
import { chartRow } from "./chart-row.ts";
import { html, type Markup } from "./markup.ts";
import { areaPath, niceCeiling } from "./rate-chart.ts";
import { peakOf, type StreamSeries } from "./stream-series.ts";
import type { TimeScale } from "./time-scale.ts";

/** How many requests were under way: what a pod has to finish when its SIGTERM comes. */
export function inFlightRow(
  { stream, points }: StreamSeries,
  { scale, bucketMs }: { readonly scale: TimeScale; readonly bucketMs: number },
): Markup | undefined {
  const peak = peakOf(points, ({ inFlight }) => inFlight);
  if (peak === undefined) return undefined; // a run of an older version, or one that goes on
  const ceiling = niceCeiling(peak.value);
  const value = ({ inFlight = 0 }: SeriesPoint) => inFlight;
  const area = areaPath(points, { scale, bucketMs, ceiling, value });
  const most = `at most ${formatMean(peak.value)}, at ${formatInstant(peak.atMs)}`;
  return chartRow({
    type: "in-flight",
    title: "in flight",
    heights: [{ percent: 0, text: formatMean(ceiling) }],
    description: `Requests in flight on ${stream}: ${most}.`,
    drawing: html`<path class="area" d="${area}"/>`,
  });
}

/** A mean over a bucket may be less than one request. */
export function formatMean(value: number | undefined): string {
  return value?.toLocaleString("en-US", { maximumSignificantDigits: 3 }) ?? "–";
}
