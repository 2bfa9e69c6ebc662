import type { TimelineFacts } from "#domain/report.ts";
import { SEGMENT_TITLE } from "./lane-segments.ts";
import { html, type Markup } from "./markup.ts";

/** What the shapes mean. */
export function timelineLegend({ marks, slow = [], windows, series }: TimelineFacts): Markup {
  return html`<ul class="legend" aria-label="Legend">
${SEGMENTS.map((type) => drawn(segment(type), SEGMENT_TITLE[type]))}
${drawn(html`<line class="exit" x1="11" x2="11" y1="1" y2="13"/>`, "exit, with its code")}
${drawn(endpoint("ready"), "EndpointSlice: ready")}
${drawn(endpoint("terminating"), "EndpointSlice: terminating")}
${marks.length > 0 && item(html`<span class="swatch"><i class="mark-sample"></i></span>`, "failed request")}
${slow.length > 0 && item(html`<span class="swatch"><i class="mark-sample slow"></i></span>`, "slow answer")}
${windows.length > 0 && item(html`<span class="swatch window-sample"></span>`, "exposure window")}
${series.length > 0 && LINES.map(([type, title]) => drawn(line(type), title))}
</ul>`;
}

const SEGMENTS = ["pending", "starting", "ready", "pre-stop", "stopping", "exited"] as const;
const LINES = [
  ["p50", "p50"],
  ["p99", "p99"],
  ["max", "maximum"],
] as const;

function segment(type: (typeof SEGMENTS)[number]): Markup {
  return html`<rect class="seg ${type}" x=".5" y="2.5" width="21" height="9"/>`;
}

function endpoint(state: "ready" | "terminating"): Markup {
  return html`<rect class="ep ${state}" y="6" width="22" height="3"/>`;
}

function line(type: (typeof LINES)[number][0]): Markup {
  return html`<path class="line ${type}" d="M0 7H22"/>`;
}

function drawn(shape: Markup, title: string): Markup {
  return item(html`<svg class="swatch" aria-hidden="true">${shape}</svg>`, title);
}

function item(swatch: Markup, title: string): Markup {
  return html`<li>${swatch}${title}</li>`;
}
