import { mergeSpans } from "#domain/exposure-windows.ts";
import type { Phase } from "#domain/phase.ts";
import type { TimelineFacts } from "#domain/report.ts";
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
  const spans = shown.map(
    ({ name, from, width }) =>
      html`<span class="phase" style="left:${percentText(from)};width:${percentText(width)}"><span>${name}</span></span>`,
  );
  return axisRow("phases", "Phase", spans);
}

/** Times along the axis. The page draws finer ones when it is zoomed. */
export function tickRow(scale: TimeScale): Markup {
  const ticks = ticksOf(scale, 9).map(
    (atMs) =>
      html`<span class="tick" style="${left(atMs, scale)}">${tickLabel(atMs, scale)}</span>`,
  );
  return axisRow("ticks", "Run time", ticks);
}

/** The harness's own actions as flags on the axis. */
export function actionRow({ actions }: TimelineFacts, scale: TimeScale): Markup | undefined {
  if (actions.length === 0) return undefined;
  const flags = actions.map(({ atMs, verb, object, result }) => {
    const title = `${verb} ${object} at ${formatInstant(atMs)}: ${result}`;
    const side = scale.percent(atMs) > 60 && " left";
    return html`<span class="flag${side}" style="${left(atMs, scale)}" title="${title}">${verb} ${object}</span>`;
  });
  return axisRow("actions", "Disruption", flags);
}

/** What lies behind every lane and chart: exposure windows, and what the harness did. */
export function backdrop({ windows, actions }: TimelineFacts, scale: TimeScale): Markup {
  return html`<div class="backdrop" aria-hidden="true">
${mergeSpans(windows).map((span) => band(span, scale))}
${actions.map(({ atMs }) => html`<i class="action" style="${left(atMs, scale)}"></i>`)}
<i class="cursor" data-cursor hidden></i>
</div>
<div class="cover" aria-hidden="true"><i></i></div>`;
}

function axisRow(type: string, title: string, content: readonly Markup[]): Markup {
  return html`<div class="row ${type}">
<div class="label">${title}</div>
<div class="plot"${type === "ticks" && html` data-ticks`}>${content}</div>
</div>`;
}

function left(atMs: number, scale: TimeScale): string {
  return `left:${percentText(scale.percent(atMs))}`;
}

function band({ fromMs, untilMs }: Omit<ExposureWindow, "pod">, scale: TimeScale): Markup {
  const from = scale.percent(fromMs);
  const width = scale.percent(untilMs) - from;
  return html`<i class="window" style="left:${percentText(from)};width:${percentText(width)}"></i>`;
}
