import { formatCount } from "#reporting/format-quantity.ts";
import { html, type Markup } from "./markup.ts";
import type { Timeline } from "./timeline.ts";

/** Zoom, and which failures are shown. Only a page that runs scripts shows them. */
export function timelineControls({ report }: Timeline): Markup {
  const streams = Map.groupBy(report.marks, ({ stream }) => stream);
  const reasons = Map.groupBy(report.marks, ({ reason }) => reason);
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
${reasons.size > 0 && filter("Failure", "reason", reasons)}
</div>`;
}

function filter(
  title: string,
  field: "stream" | "reason",
  groups: ReadonlyMap<string, readonly unknown[]>,
): Markup {
  const frequentFirst = [...groups].toSorted(([, a], [, b]) => b.length - a.length);
  const boxes = frequentFirst.map(
    ([value, marks]) => html`<label>
<input type="checkbox" checked data-filter="${field}" value="${value}">
${value} <small>${formatCount(marks.length)}</small>
</label>`,
  );
  return html`<fieldset class="filter"><legend>${title}</legend>${boxes}</fieldset>`;
}
