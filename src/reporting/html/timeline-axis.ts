import { mergeSpans } from "#domain/exposure-windows.ts";
import type { Phase } from "#domain/phase.ts";
import type { Report } from "#domain/report.ts";
import type { ExposureWindow } from "#domain/termination.ts";
import { formatInstant } from "#reporting/format-quantity.ts";
import { html, type Markup } from "./markup.ts";
import { percentText, type TimeScale, tickLabel, ticksOf } from "./time-scale.ts";

/** The phases of the run along the axis. */
export function phaseRow(phases: readonly Phase[], scale: TimeScale): Markup {
  const shown = phases.flatMap(({ name, startedAtMs, endedAtMs = scale.untilMs }) => {
    const from = scale.percent(startedAtMs);
    const width = scale.percent(endedAtMs) - from;
    return width <= 0 ? [] : [{ name, from, width }];
  });
  return html`<div class="row phases"><div class="label">Phase</div><div class="plot">${shown.map(
    ({ name, from, width }) =>
      html`<span class="phase phase-${name}" style="left:${percentText(from)};width:${percentText(width)}"><span>${name}</span></span>`,
  )}</div></div>`;
}

/** Times along the axis. The page draws finer ones when it is zoomed. */
export function tickRow(scale: TimeScale): Markup {
  return html`<div class="row ticks"><div class="label">Run time</div><div class="plot" data-ticks>${ticksOf(
    scale,
    9,
  ).map(
    (atMs) =>
      html`<span class="tick" style="left:${percentText(scale.percent(atMs))}">${tickLabel(atMs, scale)}</span>`,
  )}</div></div>`;
}

/** What lies behind every lane and chart: exposure windows, and what the harness did. */
export function backdrop({ windows, actions }: Report, scale: TimeScale): Markup {
  return html`<div class="backdrop" aria-hidden="true">${mergeSpans(windows).map((span) => band(span, scale))}${actions.map(
    ({ atMs }) => html`<i class="action" style="left:${percentText(scale.percent(atMs))}"></i>`,
  )}<i class="cursor" data-cursor hidden></i></div>`;
}

/** The harness's own actions as flags on the axis. */
export function actionRow({ actions }: Report, scale: TimeScale): Markup | undefined {
  if (actions.length === 0) return undefined;
  return html`<div class="row actions"><div class="label">Disruption</div><div class="plot">${actions.map(
    ({ atMs, verb, object, result }) =>
      html`<span class="flag${scale.percent(atMs) > 60 && " left"}" style="left:${percentText(scale.percent(atMs))}" title="${verb} ${object} at ${formatInstant(atMs)}: ${result}">${verb} ${object}</span>`,
  )}</div></div>`;
}

function band({ fromMs, untilMs }: Omit<ExposureWindow, "pod">, scale: TimeScale): Markup {
  const from = scale.percent(fromMs);
  return html`<i class="window" style="left:${percentText(from)};width:${percentText(scale.percent(untilMs) - from)}"></i>`;
}
