import type { ListedRun } from "#domain/listed-run.ts";
import type { Metric } from "#domain/metric.ts";
import type { Verdict } from "#domain/verdict.ts";
import { formatMinute, formatQuantity } from "#reporting/format-quantity.ts";
import { html, type Markup } from "#reporting/html/markup.ts";
import { VERDICT_TITLE } from "#reporting/verdict-words.ts";

/** A run's place in a trend; without a value nothing is drawn there, and the line is broken. */
export interface TrendPoint {
  readonly run: ListedRun;
  readonly value?: number;
  /** Of the promise about this number, where there was one. */
  readonly verdict?: Verdict;
  /** What else is not as it was in the run before. */
  readonly changed?: string;
}

const WIDTH = 320;
const HEIGHT = 64;
const EDGE = 6;

/** One metric over the runs of a scenario; undefined where fewer than two of them measured it. */
export function trendChart(metric: Metric, points: readonly TrendPoint[]): Markup | undefined {
  const values = points.flatMap(({ value }) => value ?? []);
  const latest = values.at(-1);
  if (values.length < 2 || latest === undefined) return undefined;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = (WIDTH - 2 * EDGE) / (points.length - 1);
  const x = (place: number) => (EDGE + place * step).toFixed(1);
  const y = (value: number) => {
    const share = high === low ? 0.5 : (value - low) / (high - low);
    return (HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)).toFixed(1);
  };
  const changes = points.map(
    ({ changed }, place) =>
      changed !== undefined &&
      html`<path class="change" d="M${x(place)} 0V${HEIGHT}"><title>${changed}</title></path>`,
  );
  const write = (value: number) => formatQuantity(metric.unit, value);
  return html`<figure><figcaption>${metric.title} <b>${write(latest)}</b>
<small>${write(low)} to ${write(high)}</small></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${describe(metric, points)}">
${changes}<path class="line" d="${linePath(points, { x, y })}"/>
${points.map((point, place) => dot(metric, point, { x: x(place), y }))}
</svg></figure>`;
}

function dot(
  { unit }: Metric,
  { run, value, verdict }: TrendPoint,
  at: { readonly x: string; readonly y: (value: number) => string },
): Markup | undefined {
  if (value === undefined) return undefined;
  const judged = verdict === undefined ? "" : `, ${VERDICT_TITLE[verdict]}`;
  const title = `${formatMinute(run.startedAt)}: ${formatQuantity(unit, value)}${judged}`;
  return html`<circle class="dot ${verdict ?? "ungated"}" cx="${at.x}" cy="${at.y(value)}" r="3"><title>${title}</title></circle>`;
}

function linePath(
  points: readonly TrendPoint[],
  { x, y }: { readonly x: (place: number) => string; readonly y: (value: number) => string },
): string {
  return points
    .map(({ value }, place) => {
      if (value === undefined) return "";
      const joins = place > 0 && points[place - 1]?.value !== undefined;
      return `${joins ? "L" : "M"}${x(place)} ${y(value)}`;
    })
    .join("");
}

/** What a reader who cannot see the line is told. */
function describe({ title, unit }: Metric, points: readonly TrendPoint[]): string {
  const values = points.flatMap(({ value }) => value ?? []);
  const write = (value: number) => formatQuantity(unit, value);
  const broken = points.filter(({ verdict }) => verdict === "fail").length;
  return (
    `${title} over ${values.length} runs: from ${write(Math.min(...values))} to ${write(Math.max(...values))}, ` +
    `last ${write(values.at(-1) ?? Number.NaN)}, promise broken in ${broken}.`
  );
}
