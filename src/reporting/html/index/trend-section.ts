import type { ListedRun } from "#domain/listed-run.ts";
import { METRICS, type Metric } from "#domain/metric.ts";
import { html, type Markup } from "#reporting/html/markup.ts";
import { type TrendPoint, trendChart } from "./trend-chart.ts";

/** More would be a carpet; the table below names them all. */
const MOST_POINTS = 100;

/** How each number of a scenario went over its runs; nothing where there is no second run. */
export function trendSection(
  scenario: string,
  latestFirst: readonly ListedRun[],
): Markup | undefined {
  const runs = latestFirst.slice(0, MOST_POINTS).toReversed();
  if (runs.length < 2) return undefined;
  const charts = METRICS.map((metric) => trendChart(metric, pointsOf(metric, runs)));
  const older = latestFirst.length - runs.length;
  return html`<section aria-label="Trend of ${scenario}"><h2>${scenario}</h2>
<p class="soft">The last ${runs.length} runs, the latest at the right${older > 0 && `; ${older} older ones are in the table`}.
A line down marks what changed besides: images, commit, versions, cluster.</p>
<div class="trends">${charts}</div>
</section>`;
}

/** One place for each run, so that all charts of a scenario share their axis. */
function pointsOf({ name }: Metric, runs: readonly ListedRun[]): readonly TrendPoint[] {
  return runs.map((run, place) => {
    const { value, verdict } = run.measurements.find(({ metric }) => metric === name) ?? {};
    const changed = changesBetween(runs[place - 1], run);
    return {
      run,
      ...(value !== undefined && { value }),
      ...(verdict !== undefined && { verdict }),
      ...(changed !== "" && { changed }),
    };
  });
}

function changesBetween(before: ListedRun | undefined, { environment: now }: ListedRun): string {
  if (before === undefined) return "";
  const old = before.environment;
  const changes = [
    [old.images.join(" "), now.images.join(" ")],
    [old.commit ?? "", now.commit ?? ""],
    [old.kubernetes, now.kubernetes],
    [old.cluster, now.cluster],
    [old.lastcall, now.lastcall],
  ] as const;
  return changes
    .filter(([from, to]) => from !== to)
    .map(([from, to]) => `${from || "none"} → ${to || "none"}`)
    .join(", ");
}
