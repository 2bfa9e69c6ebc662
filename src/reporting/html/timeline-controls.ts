import type { TimelineFacts } from "#domain/report.ts";
import { formatCount } from "#reporting/format-quantity.ts";
import { html, type Markup } from "./markup.ts";
import type { Timeline } from "./timeline.ts";

/** Zoom, and which marks and pods are shown. Only a page that runs scripts shows them. */
export function timelineControls({ report, marks }: Timeline): Markup {
  const streams = Map.groupBy(marks, ({ stream }) => stream);
  const reasons = Map.groupBy(marks, ({ reason }) => reason);
  const terminated = report.windows.length > 0;
  return html`<div class="controls scripted">
<div class="zoom" role="group" aria-label="Zoom">
<button type="button" data-zoom="out" aria-label="Zoom out">−</button>
<output data-zoom-level>1×</output>
<button type="button" data-zoom="in" aria-label="Zoom in">+</button>
<button type="button" data-zoom="all">Whole run</button>
${terminated && html`<button type="button" data-zoom="disruption">Terminations</button>`}
</div>
${streams.size > 0 && filter("Stream", "stream", streams)}
${reasons.size > 0 && filter("Mark", "reason", reasons)}
${report.lanes.length > 1 && podFilter(report)}
</div>`;
}

/** One pod, or those that had trouble: with a hundred lanes, the only way to see the two that matter. */
function podFilter({ lanes }: TimelineFacts): Markup {
  const options = lanes.map(({ pod }, index) => html`<option value="${index}">${pod}</option>`);
  return html`<label class="pods">Pods <select data-pods>
<option value="">all</option>
<option value="marked">with marks</option>
${options}
</select></label>`;
}

function filter(
  title: string,
  field: "stream" | "reason",
  groups: ReadonlyMap<string, readonly unknown[]>,
): Markup {
  // By name: on a live page counts change, and no box may change its place under its reader's hand.
  const byName = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const boxes = byName.map(
    ([value, marks]) => html`<label data-key="${value}">
<input type="checkbox" checked data-filter="${field}" value="${value}">
${value} <small>${formatCount(marks.length)}</small>
</label>`,
  );
  return html`<fieldset class="filter"><legend>${title}</legend>${boxes}</fieldset>`;
}
