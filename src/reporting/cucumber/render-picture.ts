import type { PodLane, Report } from "#domain/report.ts";
import { formatCount } from "#reporting/format-quantity.ts";
import { html, type Markup } from "#reporting/html/markup.ts";
import { type TimeScale, tickLabel, ticksOf, timeScaleOf } from "#reporting/html/time-scale.ts";
import { failureCount } from "#reporting/run-summary.ts";
import { VERDICT_TITLE } from "#reporting/verdict-words.ts";
import { pictureLane } from "./picture-lane.ts";
import { AXIS, COLOUR, HEIGHT } from "./picture-measures.ts";

/** Those that left first: the others are there to replace them. */
const MOST_LANES = 24;

/**
 * A run in one picture for pages that are not ours: its verdict, the pods' lives, the failures and the rate
 * over one axis. It needs no style of the page around it, and has no script to run.
 */
export function renderPicture(report: Report): string {
  const scale = timeScaleOf(report);
  const lanes = lanesOf(report);
  const rateTop = HEIGHT.head + lanes.length * HEIGHT.lane + 14;
  const height = rateTop + HEIGHT.rate + 24;
  const label = `${VERDICT_TITLE[report.verdict]}: ${report.headline}`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${AXIS.width}" height="${height}" viewBox="0 0 ${AXIS.width} ${height}" role="img" aria-label="${label}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#fff"/>
<text x="12" y="24" font-size="16" font-weight="bold" fill="${COLOUR[report.verdict]}">${VERDICT_TITLE[report.verdict]}</text>
${headlineLines(report.headline).map(
  (line, index) => html`<text x="130" y="${20 + index * 15}" font-size="12">${line}</text>\n`,
)}
${windows(report, scale, rateTop + HEIGHT.rate)}
${lanes.map((lane, index) => pictureLane(lane, { report, scale, top: HEIGHT.head + index * HEIGHT.lane }))}
${hiddenLanes(report, lanes.length, rateTop)}
${rate(report, scale, rateTop)}
${ticks(scale, rateTop + HEIGHT.rate)}
</svg>
`.toString();
}

function lanesOf({ lanes }: Report): readonly PodLane[] {
  const [left, stayed] = [true, false].map((gone) =>
    lanes.filter(({ termination }) => (termination !== undefined) === gone),
  );
  return [...(left ?? []), ...(stayed ?? [])].slice(0, MOST_LANES);
}

/** Two lines at most: the page around it has the rest. */
function headlineLines(headline: string): readonly string[] {
  const [first = "", ...others] = headline.match(/.{1,120}(?:\s|$)/gsu) ?? [headline];
  const second = others[0];
  if (second === undefined) return [first.trim()];
  return [first.trim(), others.length > 1 ? `${second.trim()} …` : second.trim()];
}

function windows({ windows: spans }: Report, scale: TimeScale, bottom: number): readonly Markup[] {
  return spans.map(({ fromMs, untilMs }) => {
    const [from, until] = [x(fromMs, scale), x(untilMs, scale)];
    return html`<rect x="${from}" width="${px(until - from)}" y="${HEIGHT.head - 4}" height="${bottom - HEIGHT.head + 4}" fill="#f6edd8"/>\n`;
  });
}

function hiddenLanes({ lanes }: Report, drawn: number, bottom: number): Markup | undefined {
  if (lanes.length === drawn) return undefined;
  return html`<text x="12" y="${bottom - 3}" fill="#55606c">and ${lanes.length - drawn} more pods</text>`;
}

/** Requests of all streams as an area, failures as red bars on a scale of their own. */
function rate(report: Report, scale: TimeScale, top: number): Markup {
  const buckets = new Map<number, { requests: number; failures: number }>();
  for (const { atMs, requests, failures } of report.series) {
    const sums = buckets.get(atMs) ?? { requests: 0, failures: 0 };
    buckets.set(atMs, {
      requests: sums.requests + requests,
      failures: sums.failures + failures,
    });
  }
  const most = Math.max(1, ...[...buckets.values()].map(({ requests }) => requests));
  const worst = Math.max(1, ...[...buckets.values()].map(({ failures }) => failures));
  const bars = [...buckets].map(([atMs, { requests, failures }]) => {
    const from = x(atMs, scale);
    const width = px(Math.max(0.5, x(atMs + report.seriesBucketMs, scale) - from));
    const area = bar({ from, width, share: requests / most, top, fill: "#c3d3e4" });
    return failures === 0
      ? area
      : html`${area}${bar({ from, width, share: failures / worst, top, fill: COLOUR.mark })}`;
  });
  const failed = `${formatCount(failureCount(report))} failed`;
  return html`${bars}<text x="12" y="${top + 14}">requests</text>
<text x="12" y="${top + 30}" fill="${COLOUR.mark}">${failed}</text>`;
}

function bar({ from, width, share, top, fill }: Bar): Markup {
  const height = px(HEIGHT.rate * share);
  return html`<rect x="${from}" width="${width}" y="${px(top + HEIGHT.rate - height)}" height="${height}" fill="${fill}"/>`;
}

interface Bar {
  readonly from: number;
  readonly width: number;
  readonly share: number;
  readonly top: number;
  readonly fill: string;
}

function ticks(scale: TimeScale, top: number): readonly Markup[] {
  return ticksOf(scale, 9).map(
    (atMs) =>
      html`<text x="${x(atMs, scale)}" y="${top + 15}" fill="#55606c">${tickLabel(atMs, scale)}</text>\n`,
  );
}

function x(atMs: number, scale: TimeScale): number {
  return px(AXIS.from + ((AXIS.until - AXIS.from) * scale.percent(atMs)) / 100);
}

function px(value: number): number {
  return Number(value.toFixed(1));
}
