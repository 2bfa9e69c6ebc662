import type { PodLane, Report } from "#domain/report.ts";
import { laneSegments } from "#reporting/html/lane-segments.ts";
import { html, type Markup } from "#reporting/html/markup.ts";
import type { TimeScale } from "#reporting/html/time-scale.ts";
import { AXIS, COLOUR } from "./picture-measures.ts";

/** One pod: its stages, its failures, and the code it exited with. */
export function pictureLane(
  lane: PodLane,
  {
    report,
    scale,
    top,
  }: { readonly report: Report; readonly scale: TimeScale; readonly top: number },
): Markup {
  const at = (atMs: number) =>
    Number((AXIS.from + ((AXIS.until - AXIS.from) * scale.percent(atMs)) / 100).toFixed(1));
  const stages = laneSegments(lane, scale).map(
    ({ type, fromMs, untilMs }) =>
      html`<rect x="${at(fromMs)}" width="${Number((at(untilMs) - at(fromMs)).toFixed(1))}" y="${top + 2}" height="9" fill="${FILL[type]}"/>`,
  );
  const failures = report.marks
    .filter(({ pod }) => pod === lane.pod)
    .slice(0, MOST_FAILURES)
    .map(
      ({ atMs }) =>
        html`<rect x="${at(atMs)}" width="1.5" y="${top}" height="13" fill="${COLOUR.mark}"/>`,
    );
  return html`<text x="12" y="${top + 10}" font-size="10">${shortened(lane.pod)}</text>${stages}${failures}${exit(lane, at, top)}
`;
}

/** More marks than pixels say no more. */
const MOST_FAILURES = 200;

function exit(
  { termination }: PodLane,
  at: (atMs: number) => number,
  top: number,
): Markup | undefined {
  if (termination?.exitedAtMs === undefined) return undefined;
  const codes = termination.exits.map(({ exitCode }) => exitCode).join(", ");
  const bad = termination.exits.some(({ exitCode }) => exitCode !== 0);
  const left = at(termination.exitedAtMs);
  const nearEnd = left > AXIS.until - 60;
  return html`<text x="${nearEnd ? left - 4 : left + 4}" y="${top + 10}" font-size="10" text-anchor="${nearEnd ? "end" : "start"}" fill="${bad ? COLOUR.fail : "#15191e"}">${codes}</text>`;
}

/** What tells pods of one workload apart stands at the end of their names. */
function shortened(name: string): string {
  return name.length <= 28 ? name : `…${name.slice(-27)}`;
}

const FILL = {
  pending: "#b9c2cc",
  starting: "#cfdbe8",
  ready: "#94aec9",
  "pre-stop": "#e0a72f",
  terminating: "#e0a72f",
  stopping: "#c2571a",
  exited: "#d5dae0",
} as const;
