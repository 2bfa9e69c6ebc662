import type { Report } from "#domain/report.ts";
import { formatCount } from "#reporting/format-quantity.ts";
import { SEGMENT_TITLE, type SegmentType } from "./lane-segments.ts";
import { html, type Markup } from "./markup.ts";
import type { Timeline } from "./timeline.ts";

/** Zoom, and which failures are shown. Only a page that runs scripts shows them. */
export function timelineControls({ report }: Timeline): Markup {
  const streams = Map.groupBy(report.marks, ({ stream }) => stream);
  const reasons = Map.groupBy(report.marks, ({ reason }) => reason);
  return html`<div class="controls scripted">
<div class="zoom" role="group" aria-label="Zoom"><button type="button" data-zoom="out" aria-label="Zoom out">−</button><output data-zoom-level>1×</output><button type="button" data-zoom="in" aria-label="Zoom in">+</button><button type="button" data-zoom="all">Whole run</button>${report.windows.length > 0 && html`<button type="button" data-zoom="disruption">Terminations</button>`}</div>
${report.marks.length > 0 && html`${filter("Stream", "stream", streams)}${filter("Failure", "reason", reasons)}`}
</div>`;
}

/** What the shapes mean. */
export function timelineLegend({ marks, windows, series }: Report): Markup {
  return html`<ul class="legend" aria-label="Legend">
${(["pending", "starting", "ready", "pre-stop", "stopping", "exited"] as const).map(swatch)}
<li><svg class="swatch" aria-hidden="true"><line class="exit" x1="11" x2="11" y1="1" y2="13"/></svg>exit, with its code</li>
<li><svg class="swatch" aria-hidden="true"><rect class="ep ready" y="6" width="22" height="3"/></svg>EndpointSlice: ready</li>
<li><svg class="swatch" aria-hidden="true"><rect class="ep terminating" y="6" width="22" height="3"/></svg>EndpointSlice: terminating</li>
${marks.length > 0 && html`<li><span class="swatch"><i class="mark-sample"></i></span>failed request</li>`}
${windows.length > 0 && html`<li><span class="swatch window-sample"></span>exposure window</li>`}
${series.length > 0 && html`<li><svg class="swatch" aria-hidden="true"><path class="line p50" d="M0 7H22"/></svg>p50</li><li><svg class="swatch" aria-hidden="true"><path class="line p99" d="M0 7H22"/></svg>p99</li><li><svg class="swatch" aria-hidden="true"><path class="line max" d="M0 7H22"/></svg>maximum</li>`}
</ul>`;
}

function swatch(type: SegmentType): Markup {
  return html`<li><svg class="swatch" aria-hidden="true"><rect class="seg ${type}" x=".5" y="2.5" width="21" height="9"/></svg>${SEGMENT_TITLE[type]}</li>`;
}

function filter(
  title: string,
  field: "stream" | "reason",
  groups: ReadonlyMap<string, readonly unknown[]>,
): Markup {
  return html`<fieldset class="filter"><legend>${title}</legend>${[...groups]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(
      ([value, marks]) =>
        html`<label><input type="checkbox" checked data-filter="${field}" value="${value}"> ${value} <small>${formatCount(marks.length)}</small></label>`,
    )}</fieldset>`;
}
