import type { LatencySummary, Report, StreamLatency } from "#domain/report.ts";
import { formatCount, formatDuration } from "#reporting/format-quantity.ts";
import { html, type Markup } from "./markup.ts";
import { numberCell, scrollingTable } from "./table.ts";
import { percentText } from "./time-scale.ts";

/** How answer times were distributed while pods were leaving, beside the control phase: one scale for all. */
export function latencySection({ latencies = [] }: Report): Markup | undefined {
  const measured = latencies.filter(
    ({ control, exposed }) => control.answers + exposed.answers > 0,
  );
  const scale = scaleOf(measured);
  if (scale === undefined) return undefined;
  return html`<section id="latency"><h2>Latency</h2>
<p class="soft">Good answers, from the moment each was due. The bar reaches from the median over p90 and p99 to
p99.9, the dot is the slowest; the scale is logarithmic, from ${formatDuration(scale.lowMs)} to ${formatDuration(scale.highMs)}.</p>
${scrollingTable({
  label: "Latency per stream, before and during the disruption",
  columns: ["Stream", "While", { number: "Answers" }, ...COLUMNS, "Distribution"],
  rows: measured.flatMap(({ stream, control, exposed }) => [
    row({ stream, when: "control", summary: control }, scale),
    row({ stream, when: "pods leaving", summary: exposed }, scale),
  ]),
})}</section>`;
}

const COLUMNS = ["p50", "p90", "p99", "p99.9", "Max"].map((number) => ({ number }));

interface Scale {
  readonly lowMs: number;
  readonly highMs: number;
  readonly percent: (ms: number) => number;
}

/** Whole decades, so that two reports of one workload are likely to have the same. */
function scaleOf(latencies: readonly StreamLatency[]): Scale | undefined {
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

function row(
  {
    stream,
    when,
    summary,
  }: { readonly stream: string; readonly when: string; readonly summary: LatencySummary },
  scale: Scale,
): Markup {
  const { answers, p50Ms, p90Ms, p99Ms, p999Ms, maxMs } = summary;
  const cells = [p50Ms, p90Ms, p99Ms, p999Ms, maxMs].map((ms) =>
    ms === undefined ? "–" : formatDuration(ms),
  );
  const first = when === "control";
  return html`<tr class="${first ? "control" : "exposed"}"><th scope="row">${first ? stream : html`<span class="sr">${stream}</span>`}</th>
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
