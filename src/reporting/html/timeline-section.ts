import type { Report } from "#domain/report.ts";
import { describeAttribution } from "#reporting/describe-attribution.ts";
import { describeStream } from "#reporting/describe-stream.ts";
import { formatCount } from "#reporting/format-quantity.ts";
import { failureCount } from "#reporting/run-summary.ts";
import { inFlightRow } from "./in-flight-chart.ts";
import { laneRows } from "./lane-rows.ts";
import { latencyRow } from "./latency-chart.ts";
import { html, type Markup } from "./markup.ts";
import { rateRows } from "./rate-chart.ts";
import { type StreamSeries, streamSeries } from "./stream-series.ts";
import type { Timeline } from "./timeline.ts";
import { actionRow, backdrop, phaseRow, tickRow } from "./timeline-axis.ts";
import { timelineControls } from "./timeline-controls.ts";
import { timelineLegend } from "./timeline-legend.ts";
import { timelineTables } from "./timeline-tables.ts";

/** Lanes and charts over one axis, so that a failure, a phase and a latency can be seen together. */
export function timelineSection(timeline: Timeline): Markup {
  const { report, scale } = timeline;
  const label = "Timeline. Arrow keys move the time cursor, plus and minus zoom.";
  return html`<section id="timeline"><h2>Timeline</h2>
<p class="soft">Every pod has a lane. ${describeMarks(report)}</p>
${timelineControls(timeline)}
<div class="viewport" tabindex="0" role="region" aria-label="${label}">
<div class="time" data-time>
${backdrop(report, scale)}
${phaseRow(report.closing.phases, scale)}
${tickRow(scale)}
${actionRow(report, scale)}
${laneRows(timeline)}
${streamSeries(report).map((series, index) => streamRows(series, index, timeline))}
${tickRow(scale)}
</div></div>
${timelineLegend(report)}
<div class="tip" id="tip" role="status" hidden></div>
${timelineTables(timeline)}
</section>`;
}

function describeMarks(report: Report): string {
  const { slow = [] } = report;
  const late =
    slow.length === 0
      ? ""
      : ` ${formatCount(slow.length)} answers took more than twice as long as any before the disruption: the short violet marks.`;
  return describeFailures(report) + late;
}

function describeFailures(report: Report): string {
  const failures = failureCount(report);
  if (failures === 0) return "No request failed.";
  const drawn = report.marks.length;
  const which =
    drawn < failures
      ? `${formatCount(drawn)} of ${formatCount(failures)} failed requests are drawn`
      : `All ${formatCount(failures)} failed requests are drawn`;
  const placed = describeAttribution(report.attribution) ?? "";
  return `${which}, each as a red mark on the lane of the pod it is blamed on. ${placed}`.trim();
}

function streamRows(series: StreamSeries, index: number, { report, scale }: Timeline): Markup {
  const offered = report.header.load.find(({ name }) => name === series.stream);
  const axis = { scale, bucketMs: report.seriesBucketMs };
  return html`<h3 class="band">Stream ${series.stream}
<small>${offered !== undefined && describeStream(offered)}</small>
<span class="readout" data-readout="${index}"></span></h3>
${rateRows(series, axis)}
${inFlightRow(series, axis)}
${latencyRow(series, axis)}`;
}
