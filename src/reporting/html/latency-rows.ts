import type { LatencySummary, StreamLatency } from "#domain/report.ts";
import { formatCount, formatDuration } from "#reporting/format-quantity.ts";
import { html, type Markup } from "./markup.ts";
import { type Column, numberCell } from "./table.ts";
import { percentText } from "./time-scale.ts";

/** What a row is about is said by the columns before these. */
export const LATENCY_COLUMNS: readonly Column[] = [
  "While",
  { number: "Answers" },
  ...["p50", "p90", "p99", "p99.9", "Max"].map((number) => ({ number })),
  "Distribution",
];

export interface Scale {
  readonly lowMs: number;
  readonly highMs: number;
  readonly percent: (ms: number) => number;
}

/** What is set beside each other. */
export type Phases = Pick<StreamLatency, "control" | "exposed">;

/** Whole decades, so that two reports of one workload are likely to have the same. */
export function scaleOf(latencies: readonly Phases[]): Scale | undefined {
  const known = latencies
    .flatMap(({ control, exposed }) => [control, exposed])
    .flatMap(({ p50Ms, maxMs }) => [p50Ms, maxMs])
    .flatMap((ms) => (ms === undefined ? [] : [Math.log10(Math.max(ms, 0.01))]));
  if (known.length === 0) return undefined;
  const low = Math.floor(Math.min(...known));
  const high = Math.max(Math.ceil(Math.max(...known)), low + 1);
  const percent = (ms: number) => (100 * (Math.log10(Math.max(ms, 0.01)) - low)) / (high - low);
  return { lowMs: 10 ** low, highMs: 10 ** high, percent };
}

/** Two rows of one subject, which only the first of them names for the eye. */
export function latencyRows(subject: string, { control, exposed }: Phases, scale: Scale) {
  return [
    row({ subject, when: "control", summary: control }, scale),
    row({ subject, when: "pods leaving", summary: exposed }, scale),
  ];
}

interface Row {
  readonly subject: string;
  readonly when: string;
  readonly summary: LatencySummary;
}

function row({ subject, when, summary }: Row, scale: Scale): Markup {
  const { answers, p50Ms, p90Ms, p99Ms, p999Ms, maxMs } = summary;
  const cells = [p50Ms, p90Ms, p99Ms, p999Ms, maxMs].map((ms) =>
    ms === undefined ? "–" : formatDuration(ms),
  );
  const first = when === "control";
  return html`<tr class="${first ? "control" : "exposed"}"><th scope="row">${first ? subject : html`<span class="sr">${subject}</span>`}</th>
<td>${when}</td>${numberCell(formatCount(answers))}${cells.map(numberCell)}
<td class="spread">${spread(summary, scale)}</td></tr>`;
}

/** The numbers stand beside it, so the picture says nothing to a screen reader. */
function spread({ p50Ms, p90Ms, p99Ms, p999Ms, maxMs }: LatencySummary, { percent }: Scale) {
  if (p50Ms === undefined || maxMs === undefined) return undefined;
  const marks = [p50Ms, p90Ms ?? maxMs, p99Ms ?? maxMs, p999Ms ?? maxMs].map(percent);
  const parts = marks.slice(1).map((until, index) => {
    const from = marks[index] ?? until;
    return html`<rect class="part-${index}" x="${percentText(from)}" width="${percentText(until - from)}" y="3" height="8"/>`;
  });
  return html`<svg aria-hidden="true"><line x1="0" x2="100%" y1="7" y2="7"/>${parts}
<rect class="median" x="${percentText(marks[0] ?? 0)}" width="2" y="1" height="12"/>
<circle cx="${percentText(percent(maxMs))}" cy="7" r="2.5"/></svg>`;
}
