import type { PodLane } from "#domain/report.ts";
import { formatDuration, formatInstant } from "#reporting/format-quantity.ts";
import { endpointSpans, laneSegments } from "./lane-segments.ts";
import { html, type Markup } from "./markup.ts";
import { percentText, type TimeScale } from "./time-scale.ts";

/** One pod: its phases as a bar, its place in the EndpointSlices below, its failures on top. */
export function podLaneRow(
  lane: PodLane,
  {
    index,
    scale,
    marks,
  }: { readonly index: number; readonly scale: TimeScale; readonly marks: Markup | undefined },
): Markup {
  const segments = laneSegments(lane, scale).map(
    ({ type, fromMs, untilMs }) =>
      html`<rect class="seg ${type}" ${between(fromMs, untilMs, scale)} y="4" height="9"/>`,
  );
  const endpoint = endpointSpans(lane, scale).map(
    ({ state, fromMs, untilMs }) =>
      html`<rect class="ep ${state}" ${between(fromMs, untilMs, scale)} y="16" height="3"/>`,
  );
  return html`<div class="row lane" data-lane="${index}">
<div class="label" title="${lane.pod}">${podName(lane)}</div>
<div class="plot"><svg role="img" aria-label="${describeLane(lane)}">
${exposure(lane, scale)}${segments}${endpoint}${exitMark(lane, scale)}
</svg>${marks}</div>
</div>`;
}

/** The story of the lane in words; what was not seen is not told. */
function describeLane({ pod, createdAtMs, readyAtMs, termination, ...lane }: PodLane): string {
  const t0 = termination?.deletionRequestedAtMs;
  const since = (name: string, atMs: number | undefined) =>
    atMs !== undefined && t0 !== undefined && `${name} ${formatDuration(atMs - t0)} after T0`;
  const parts = [
    createdAtMs !== undefined && `created at ${formatInstant(createdAtMs)}`,
    readyAtMs !== undefined && `ready at ${formatInstant(readyAtMs)}`,
    t0 === undefined ? "not terminated" : `deletion requested (T0) at ${formatInstant(t0)}`,
    since("endpoint not ready", termination?.endpointNotReadyAtMs),
    since("SIGTERM (inferred)", lane.sigtermAtMs),
    since("exit", termination?.exitedAtMs),
    ...(termination?.exits ?? []).map(
      ({ exitCode, forced }) => `exit code ${exitCode}${forced ? ", killed" : ""}`,
    ),
  ];
  return `${pod}: ${parts.filter((part) => part !== false).join(", ")}.`;
}

function podName({ pod, revision }: PodLane): Markup {
  const at = revision === undefined ? -1 : pod.indexOf(`-${revision}-`);
  if (revision === undefined || at < 0) return html`<span class="name">${pod}</span>`;
  const start = at + revision.length + 2;
  const [prefix, suffix] = [pod.slice(0, start), pod.slice(start)];
  return html`<span class="prefix">${prefix}</span><span class="name">${suffix}</span>`;
}

function exposure({ termination }: PodLane, scale: TimeScale): Markup | undefined {
  if (termination === undefined) return undefined;
  const untilMs = termination.goneAtMs ?? scale.untilMs;
  const span = between(termination.deletionRequestedAtMs, untilMs, scale);
  return html`<rect class="own-window" ${span} y="0" height="22"/>`;
}

function exitMark({ termination }: PodLane, scale: TimeScale): readonly Markup[] | undefined {
  const { exitedAtMs, exits = [] } = termination ?? {};
  if (exitedAtMs === undefined) return undefined;
  const percent = scale.percent(exitedAtMs);
  const x = percentText(percent);
  const forced = exits.some((exit) => exit.forced);
  const bad = exits.some(({ exitCode }) => exitCode !== 0);
  const codes = exits.map(({ exitCode }) => exitCode).join(", ");
  // Near its end the axis has no room after the exit.
  const side = percent > 90 ? html`dx="-5" text-anchor="end"` : html`dx="5"`;
  return [
    html`<line class="exit" x1="${x}" x2="${x}" y1="2" y2="15"/>`,
    html`<text class="code${bad && " bad"}" x="${x}" ${side} y="12.5">${codes}${forced && " killed"}</text>`,
  ];
}

function between(fromMs: number, untilMs: number, scale: TimeScale): Markup {
  const from = scale.percent(fromMs);
  return html`x="${percentText(from)}" width="${percentText(scale.percent(untilMs) - from)}"`;
}
