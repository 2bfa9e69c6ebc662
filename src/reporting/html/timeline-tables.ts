import type { SeriesPoint } from "#domain/report.ts";
import { formatCount, formatDuration, formatInstant } from "#reporting/format-quantity.ts";
import { sureness } from "./describe-mark.ts";
import { formatMean } from "./in-flight-chart.ts";
import type { MarkBundle } from "./mark-bundles.ts";
import { html, type Markup } from "./markup.ts";
import { peakOf, type StreamSeries, streamSeries } from "./stream-series.ts";
import { numberCell, scrollingTable } from "./table.ts";
import type { Timeline } from "./timeline.ts";

/** The drawing as numbers, for whoever cannot see it or wants to copy them. */
export function timelineTables({ report, bundles }: Timeline): Markup {
  const tables = streamSeries(report).map((one) => seriesTable(one, report.seriesBucketMs));
  return html`<div class="tables">
${bundles.length > 0 && details("Failed and slow requests as a table", [failureTable(bundles)])}
${tables.length > 0 && details("Rate, latency and requests in flight as a table", tables)}
</div>`;
}

function details(title: string, tables: readonly Markup[]): Markup {
  return html`<details><summary>${title}</summary>${tables}</details>`;
}

function failureTable(bundles: readonly MarkBundle[]): Markup {
  return scrollingTable({
    label: "Failed and slow requests",
    columns: [
      { number: "At" },
      "Request",
      "What happened",
      { number: "Count" },
      "Pod",
      "How sure",
      "Phase",
    ],
    rows: bundles.map(failureRow),
  });
}

function failureRow({ first, marks }: MarkBundle, index: number): Markup {
  const status = first.status === undefined ? "" : ` (${first.status})`;
  return html`<tr>
${numberCell(html`<a href="#mark-${index}">${formatInstant(first.atMs)}</a>`)}
<td>${first.stream} #${first.seq}</td>
<td>${first.reason}${status}</td>
${numberCell(formatCount(marks.length))}
<td>${first.pod ?? "not known"}</td>
<td>${sureness(first)}</td>
<td>${first.phase ?? "outside every termination"}</td></tr>`;
}

/** At most this many lines a stream; more would be read by nobody. */
const TABLE_ROWS = 60;

function seriesTable({ stream, points }: StreamSeries, bucketMs: number): Markup {
  const perRow = Math.max(1, Math.ceil(points.length / TABLE_ROWS));
  const lengthOfRow = formatDuration(perRow * bucketMs);
  return scrollingTable({
    label: `Rate and latency of ${stream}`,
    caption: `Stream ${stream}, ${lengthOfRow} a line; in flight and latencies are the highest of the line`,
    columns: ["From", "Requests", "Failed", "In flight", "p50", "p99", "Maximum"].map((number) => ({
      number,
    })),
    rows: Array.from({ length: Math.ceil(points.length / perRow) }, (_, index) =>
      seriesRow(points.slice(index * perRow, (index + 1) * perRow)),
    ),
  });
}

/** Percentiles of several buckets cannot be averaged; their highest is at least true. */
function seriesRow(points: readonly SeriesPoint[]): Markup {
  const sum = (value: (point: SeriesPoint) => number) =>
    formatCount(points.reduce((total, point) => total + value(point), 0));
  const highest = (value: (point: SeriesPoint) => number | undefined) => {
    const peak = peakOf(points, value);
    return peak === undefined ? "–" : formatDuration(peak.value);
  };
  const cells = [
    formatInstant(points[0]?.atMs ?? 0),
    sum(({ requests }) => requests),
    sum(({ failures }) => failures),
    formatMean(peakOf(points, ({ inFlight }) => inFlight)?.value),
    highest(({ p50Ms }) => p50Ms),
    highest(({ p99Ms }) => p99Ms),
    highest(({ maxMs }) => maxMs),
  ];
  return html`<tr>${cells.map(numberCell)}</tr>`;
}
