import type { TimelineFacts } from "#domain/report.ts";
import { describeAttribution } from "#reporting/describe-attribution.ts";
import { describeStream } from "#reporting/describe-stream.ts";
import { formatCount } from "#reporting/format-quantity.ts";
import { failureCount } from "#reporting/run-summary.ts";
import { inFlightRow } from "./in-flight-chart.ts";
import { laneRows } from "./lane-rows.ts";
import { latencyRow } from "./latency-chart.ts";
import { html, type Markup } from "./markup.ts";
import { part } from "./part.ts";
import { rateRows } from "./rate-chart.ts";
import { type StreamSeries, streamSeries } from "./stream-series.ts";
import { percentText } from "./time-scale.ts";
import type { Timeline } from "./timeline.ts";
import { actionRow, backdrop, phaseRow, tickRow } from "./timeline-axis.ts";
import { timelineControls } from "./timeline-controls.ts";
import { timelineLegend } from "./timeline-legend.ts";
import { timelineTables } from "./timeline-tables.ts";

/** Lanes and charts over one axis, so that a failure, a phase and a latency can be seen together. */
export function timelineSection(timeline: Timeline): Markup {
  const { report, scale, nowMs } = timeline;
  const label = "Timeline. Arrow keys move the time cursor, plus and minus zoom.";
  return html`<section id="timeline"><h2>Timeline</h2>
${part("marks", html`<p class="soft">Every pod has a lane. ${describeMarks(report)}</p>`)}
${part("controls", timelineControls(timeline))}
<div class="viewport" tabindex="0" role="region" aria-label="${label}">
<div class="time" data-time>
${part("backdrop", backdrop(report, scale))}
${part("axis", [phaseRow(report.closing.phases, scale), tickRow(scale), actionRow(report, scale)])}
${laneRows(timeline)}
${streamSeries(report).map((series, index) =>
  part(`stream-${index}`, streamRows(series, index, timeline)),
)}
${part("lower-axis", tickRow(scale))}
${nowMs !== undefined && part("future", future(scale.percent(nowMs)))}
</div></div>
${part("legend", timelineLegend(report))}
<div class="tip" id="tip" role="status" hidden></div>
${part("tables", timelineTables(timeline))}
</section>`;
}

/** Lanes are drawn to the end of the axis: what has not come yet lies below this. */
function future(percent: number): Markup {
  return html`<div class="foredrop" aria-hidden="true"><i style="left:${percentText(percent)}"></i></div>`;
}

function describeMarks(report: TimelineFacts): string {
  const { slow = [] } = report;
  const late =
    slow.length === 0
      ? ""
      : ` ${formatCount(slow.length)} answers took more than twice as long as any before the disruption: the short violet marks.`;
  return describeFailures(report) + late;
}

function describeFailures(report: TimelineFacts): string {
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
