import type { PodLane, Report } from "#domain/report.ts";
import { describeStream } from "#reporting/describe-stream.ts";
import { formatCount } from "#reporting/format-quantity.ts";
import { failureCount } from "#reporting/run-summary.ts";
import { labelMark } from "./describe-mark.ts";
import { latencyRow } from "./latency-chart.ts";
import { html, type Markup } from "./markup.ts";
import { podLaneRow } from "./pod-lane-row.ts";
import { rateRows } from "./rate-chart.ts";
import { type StreamSeries, streamSeries } from "./stream-series.ts";
import { percentText } from "./time-scale.ts";
import type { Timeline } from "./timeline.ts";
import { actionRow, backdrop, phaseRow, tickRow } from "./timeline-axis.ts";
import { timelineControls, timelineLegend } from "./timeline-controls.ts";
import { timelineTables } from "./timeline-tables.ts";

/** Lanes and charts over one axis, so that a failure, a phase and a latency can be seen together. */
export function timelineSection(timeline: Timeline): Markup {
  const { report, scale } = timeline;
  return html`<section id="timeline" class="wide"><h2>Timeline</h2>
${introduction(report)}
${timelineControls(timeline)}
<div class="viewport" tabindex="0" role="region" aria-label="Timeline. Arrow keys move the time cursor, plus and minus zoom.">
<div class="time" data-time>
${backdrop(report, scale)}<div class="cover" aria-hidden="true"><i></i></div>
${phaseRow(report.closing.phases, scale)}
${tickRow(scale)}
${actionRow(report, scale)}
${laneGroups(timeline)}
${streamSeries(report).map((series, index) => streamRows(series, index, timeline))}
${tickRow(scale)}
</div></div>
${timelineLegend(report)}
<div class="tip" id="tip" role="status" hidden></div>
${timelineTables(timeline)}
</section>`;
}

function introduction(report: Report): Markup {
  return html`<p class="soft">Every pod has a lane. ${describeMarks(report)}</p>`;
}

function describeMarks(report: Report): string {
  const failures = failureCount(report);
  if (failures === 0) return "No request failed.";
  const drawn = report.marks.length;
  const which =
    drawn < failures
      ? `${formatCount(drawn)} of ${formatCount(failures)} failed requests are drawn`
      : `All ${formatCount(failures)} failed requests are drawn`;
  return `${which}, each as a red mark on the lane of the pod it is blamed on.`;
}

function laneGroups(timeline: Timeline): Markup {
  const { lanes } = timeline.report;
  const indexed = lanes.map((lane, index) => ({ lane, index }));
  const groups = [...Map.groupBy(indexed, ({ lane }) => lane.revision ?? "")];
  const stray = timeline.bundles.some(({ lane }) => lane === undefined);
  return html`${groups.map(
    ([revision, members]) =>
      html`${groupHead(
        revision,
        members.map(({ lane }) => lane),
      )}${members.map(({ lane, index }) =>
        podLaneRow(lane, { scale: timeline.scale, marks: marksOf(index, timeline) }),
      )}`,
  )}${
    stray &&
    html`<h3 class="band">Not attributed</h3><div class="row lane stray"><div class="label">no known pod</div><div class="plot">${marksOf(undefined, timeline)}</div></div>`
  }`;
}

function groupHead(revision: string, lanes: readonly PodLane[]): Markup {
  const left = lanes.filter(({ termination }) => termination !== undefined).length;
  const title = revision === "" ? "Pods" : `Revision ${revision}`;
  const count = `${lanes.length} ${lanes.length === 1 ? "pod" : "pods"}`;
  return html`<h3 class="band">${title} <small>${count}${left > 0 && `, ${left} terminated`}</small></h3>`;
}

/** Only the first mark of a lane is a tab stop; the arrow keys reach the others. */
function marksOf(lane: number | undefined, { bundles, scale, report }: Timeline) {
  const own = bundles.flatMap((bundle, index) => (bundle.lane === lane ? [{ bundle, index }] : []));
  if (own.length === 0) return undefined;
  const pod = lane === undefined ? "no known pod" : report.lanes[lane]?.pod;
  return html`<div class="marks" role="group" aria-label="Failed requests of ${pod}">${own.map(
    ({ bundle, index }, place) =>
      html`<button type="button" class="mark${bundle.marks.length > 1 && " many"}" id="mark-${index}" data-mark="${index}" tabindex="${place === 0 ? 0 : -1}" style="left:${percentText(scale.percent(bundle.first.atMs))}" aria-label="${labelMark(bundle)}"></button>`,
  )}</div>`;
}

function streamRows(series: StreamSeries, index: number, { report, scale }: Timeline): Markup {
  const offered = report.header.load.find(({ name }) => name === series.stream);
  const axis = { scale, bucketMs: report.seriesBucketMs };
  return html`<h3 class="band">Stream ${series.stream} <small>${offered !== undefined && describeStream(offered)}</small> <span class="readout" data-readout="${index}"></span></h3>${rateRows(series, axis)}${latencyRow(series, axis)}`;
}
