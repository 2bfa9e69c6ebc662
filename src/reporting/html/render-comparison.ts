import type { ComparedNumber, ComparedRun, Comparison } from "#domain/compare-runs.ts";
import type { EnvironmentChange } from "#domain/environment-changes.ts";
import { describeFinding, describeSide, summarizeNumbers } from "#reporting/comparison-words.ts";
import { formatMinute } from "#reporting/format-quantity.ts";
import { html, type Markup } from "./markup.ts";
import { pageFrame } from "./page-frame.ts";
import { numberCell, scrollingTable } from "./table.ts";
import { verdictMark } from "./verdict-mark.ts";

/** Two runs side by side: what differs beyond chance, and what else their results rest on. */
export function renderComparison({ baseline, run, numbers, changes }: Comparison): string {
  const summary = summarizeNumbers(numbers);
  const body = html`<header class="hero"><div class="page">
<p class="brand"><b>Lastcall</b> comparison</p>
<h1><span class="headline">${summary}</span></h1>
<dl class="subject">${side("Before", baseline)}${side("Now", run)}</dl>
</div></header>
<main class="page">
<section aria-labelledby="numbers"><h2 id="numbers">Numbers</h2>
<p class="soft">Worse or better only where chance explains the difference in less than 5 % of all such comparisons.</p>
${scrollingTable({
  label: "Numbers of both runs",
  columns: ["Number", { number: "Before" }, { number: "Now" }, "At 95 %"],
  rows: numbers.map(numberRow),
})}</section>
${changesSection(changes)}
</main>`;
  return pageFrame({ title: `Comparison: ${summary}`, body, script: "index-page" }).toString();
}

function side(when: string, { verdict, headline, runId, startedAt }: ComparedRun): Markup {
  return html`<div><dt>${when}: run ${runId}, ${formatMinute(startedAt)}</dt><dd>${verdictMark(verdict)} ${headline}</dd></div>`;
}

function numberRow(number: ComparedNumber): Markup {
  const { what, unit, before, now, finding } = number;
  const different = finding === "worse" || finding === "better";
  const words = describeFinding(number);
  return html`<tr><th scope="row">${what}</th>${numberCell(describeSide(before, unit))}
${numberCell(describeSide(now, unit))}<td>${different ? html`<b>${words}</b>` : words}</td></tr>`;
}

function changesSection(changes: readonly EnvironmentChange[]): Markup {
  return html`<section aria-labelledby="changes"><h2 id="changes">What else changed</h2>
${
  changes.length === 0
    ? html`<p>Nothing that the results rest on.</p>`
    : scrollingTable({
        label: "What the results rest on, in both runs",
        columns: ["What", "Before", "Now"],
        rows: changes.map(
          ({ what, before, now }) =>
            html`<tr><th scope="row">${what}</th><td>${before}</td><td>${now}</td></tr>`,
        ),
      })
}</section>`;
}
