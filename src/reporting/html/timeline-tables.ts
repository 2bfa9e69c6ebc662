import type { SeriesPoint } from "#domain/report.ts";
import { formatCount, formatDuration, formatInstant } from "#reporting/format-quantity.ts";
import { ATTRIBUTION } from "./describe-mark.ts";
import type { MarkBundle } from "./mark-bundles.ts";
import { html, type Markup } from "./markup.ts";
import { peakOf, type StreamSeries, streamSeries } from "./stream-series.ts";
import type { Timeline } from "./timeline.ts";

/** The drawing as numbers, for whoever cannot see it or wants to copy them. */
export function timelineTables({ report, bundles }: Timeline): Markup {
  const series = streamSeries(report);
  return html`<div class="tables">
${bundles.length > 0 && html`<details><summary>Failed requests as a table</summary>${failureTable(bundles)}</details>`}
${series.length > 0 && html`<details><summary>Rate and latency as a table</summary>${series.map((one) => seriesTable(one, report.seriesBucketMs))}</details>`}
</div>`;
}

function failureTable(bundles: readonly MarkBundle[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Failed requests"><table>
<thead><tr><th scope="col" class="number">At</th><th scope="col">Request</th><th scope="col">What happened</th><th scope="col" class="number">Count</th><th scope="col">Pod</th><th scope="col">How sure</th><th scope="col">Phase</th></tr></thead>
<tbody>${bundles.map(
    ({ first, marks }, index) =>
      html`<tr><td class="number"><a href="#mark-${index}">${formatInstant(first.atMs)}</a></td><td>${first.stream} #${first.seq}</td><td>${first.reason}${first.status !== undefined && ` (${first.status})`}</td><td class="number">${formatCount(marks.length)}</td><td>${first.pod ?? "not known"}</td><td>${ATTRIBUTION[first.attribution]}</td><td>${first.phase ?? "outside every termination"}</td></tr>`,
  )}</tbody></table></div>`;
}

/** At most this many lines a stream; more would be read by nobody. */
const TABLE_ROWS = 60;

function seriesTable({ stream, points }: StreamSeries, bucketMs: number): Markup {
  const perRow = Math.max(1, Math.ceil(points.length / TABLE_ROWS));
  const rows = Array.from({ length: Math.ceil(points.length / perRow) }, (_, index) =>
    points.slice(index * perRow, (index + 1) * perRow),
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Rate and latency of ${stream}"><table>
<caption>Stream ${stream}, ${formatDuration(perRow * bucketMs)} a line; latencies are the highest of the line</caption>
<thead><tr><th scope="col" class="number">From</th><th scope="col" class="number">Requests</th><th scope="col" class="number">Failed</th><th scope="col" class="number">p50</th><th scope="col" class="number">p99</th><th scope="col" class="number">Maximum</th></tr></thead>
<tbody>${rows.map(seriesRow)}</tbody></table></div>`;
}

/** Percentiles of several buckets cannot be averaged; their highest is at least true. */
function seriesRow(points: readonly SeriesPoint[]): Markup {
  const sum = (value: (point: SeriesPoint) => number) =>
    formatCount(points.reduce((total, point) => total + value(point), 0));
  const highest = (value: (point: SeriesPoint) => number | undefined) => {
    const peak = peakOf(points, value);
    return peak === undefined ? "–" : formatDuration(peak.value);
  };
  return html`<tr><td class="number">${formatInstant(points[0]?.atMs ?? 0)}</td><td class="number">${sum(({ requests }) => requests)}</td><td class="number">${sum(({ failures }) => failures)}</td><td class="number">${highest(({ p50Ms }) => p50Ms)}</td><td class="number">${highest(({ p99Ms }) => p99Ms)}</td><td class="number">${highest(({ maxMs }) => maxMs)}</td></tr>`;
}
