import type { ListedRun } from "#domain/listed-run.ts";
import { html, type Markup } from "#reporting/html/markup.ts";
import { pageFrame } from "#reporting/html/page-frame.ts";
import { verdictMark } from "#reporting/html/verdict-mark.ts";
import { reportLink } from "./report-link.ts";
import { runsTable } from "./runs-table.ts";
import { trendSection } from "./trend-section.ts";

/** All runs of a reports folder on one page: the latest verdict of each scenario, its trend, and every run. */
export function renderIndex(runs: readonly ListedRun[]): string {
  const scenarios = Map.groupBy(runs, ({ scenario }) => scenario);
  const body = html`<header class="hero"><div class="page">
<p class="brand"><b>Lastcall</b> runs</p>
<h1><span class="headline">${headline(runs.length, scenarios.size)}</span></h1>
<ul class="latest">${[...scenarios].map(latest)}</ul>
</div></header>
<main class="page">
${[...scenarios].map(([scenario, own]) => trendSection(scenario, own))}
${runsTable(runs)}
</main>`;
  return pageFrame({ title: "Lastcall runs", body, script: "index-page" }).toString();
}

function headline(runs: number, scenarios: number): string {
  if (runs === 0) return "No run has been judged in this folder yet";
  return `${runs} ${runs === 1 ? "run" : "runs"} of ${scenarios} ${scenarios === 1 ? "scenario" : "scenarios"}`;
}

function latest([scenario, [run]]: readonly [string, readonly ListedRun[]]): Markup | undefined {
  if (run === undefined) return undefined;
  return html`<li>${verdictMark(run.verdict)} <a href="${reportLink(run)}">${scenario}</a></li>`;
}
