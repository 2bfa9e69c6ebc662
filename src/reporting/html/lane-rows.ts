import type { PodLane } from "#domain/report.ts";
import { failureMarks } from "./failure-marks.ts";
import { html, type Markup } from "./markup.ts";
import { part } from "./part.ts";
import { podLaneRow } from "./pod-lane-row.ts";
import type { Timeline } from "./timeline.ts";

/** A lane for every pod, revision by revision, and one for the failures that belong to none of them. */
export function laneRows(timeline: Timeline): Markup {
  const indexed = timeline.report.lanes.map((lane, index) => ({ lane, index }));
  const revisions = Map.groupBy(indexed, ({ lane }) => lane.revision ?? "");
  const rows = [...revisions].map(([revision, members]) => {
    const head = revisionHead(
      revision,
      members.map(({ lane }) => lane),
    );
    const lanes = members.map(({ lane, index }) => {
      const marks = failureMarks(index, timeline);
      return part(`lane-${index}`, podLaneRow(lane, { index, scale: timeline.scale, marks }));
    });
    return html`${part(`revision-${members[0]?.index}`, head)}${lanes}`;
  });
  return html`${rows}${strayRow(failureMarks(undefined, timeline))}`;
}

function revisionHead(revision: string, lanes: readonly PodLane[]): Markup {
  const terminated = lanes.filter(({ termination }) => termination !== undefined).length;
  const title = revision === "" ? "Pods" : `Revision ${revision}`;
  const count = `${lanes.length} ${lanes.length === 1 ? "pod" : "pods"}`;
  const left = terminated > 0 && `, ${terminated} terminated`;
  return html`<h3 class="band">${title} <small>${count}${left}</small></h3>`;
}

function strayRow(marks: Markup | undefined): Markup | undefined {
  if (marks === undefined) return undefined;
  const row = html`<h3 class="band">Not attributed</h3>
<div class="row lane">
<div class="label">no known pod</div>
<div class="plot">${marks}</div>
</div>`;
  return part("stray", row);
}
