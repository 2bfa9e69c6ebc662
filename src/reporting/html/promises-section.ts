import { metricOf } from "#domain/metric.ts";
import type { Report, Result } from "#domain/report.ts";
import { evidenceDetails, type MarkLinks } from "./evidence-details.ts";
import { keepUnits } from "./keep-units.ts";
import { html, type Markup } from "./markup.ts";
import { METRIC_COLUMNS, metricCells } from "./metric-cells.ts";
import { tableHead } from "./table.ts";
import { verdictMark } from "./verdict-mark.ts";

/** What was promised against what was measured: the reason for the verdict. */
export function promisesSection({ results }: Report, links: MarkLinks): Markup {
  return html`<section id="promises"><h2>Promises</h2>
${
  results.length === 0
    ? html`<p>The scenario asks for no threshold, so there is nothing to keep.</p>`
    : html`<table class="cards">
${tableHead(["Promise", ...METRIC_COLUMNS, "Verdict", "Because"])}
${results.map((result) => promise(result, links))}
</table>`
}
</section>`;
}

function promise({ threshold, measurement, verdict, because }: Result, links: MarkLinks): Markup {
  const { summary, doubts, evidence } = measurement;
  return html`<tbody class="promise-${verdict}"><tr>
<th scope="row">${metricOf(threshold.metric).title} <span class="asked">${threshold.text}</span></th>
${metricCells(measurement, threshold.limit)}
<td data-label="Verdict">${verdictMark(verdict)}</td>
<td class="because" data-label="Because">${keepUnits(because)}
${summary !== because && html`<small>${keepUnits(summary)}</small>`}
${doubts.filter((doubt) => doubt !== because).map((doubt) => html`<small class="doubt">${keepUnits(doubt)}</small>`)}</td>
</tr>${evidence.total > 0 && evidenceRow(evidenceDetails(evidence, links), 6)}</tbody>`;
}

/** A row of its own below the number, over all columns. */
export function evidenceRow(details: Markup, columns: number): Markup {
  return html`<tr class="evidence"><td colspan="${columns}">${details}</td></tr>`;
}
