import { metricOf } from "#domain/metric.ts";
import type { Report, Result } from "#domain/report.ts";
import { formatBound, formatCount, formatQuantity } from "#reporting/format-quantity.ts";
import { evidenceDetails, type MarkLinks } from "./evidence-details.ts";
import { keepUnits } from "./keep-units.ts";
import { html, type Markup } from "./markup.ts";
import { verdictMark } from "./verdict-mark.ts";

/** What was promised against what was measured: the reason for the verdict. */
export function promisesSection({ results }: Report, links: MarkLinks): Markup {
  if (results.length === 0) {
    return html`<section id="promises"><h2>Promises</h2><p>The scenario asks for no threshold, so there is nothing to keep.</p></section>`;
  }
  return html`<section id="promises"><h2>Promises</h2>
<table class="cards">
<thead><tr><th scope="col">Promise</th><th scope="col" class="number">Measured</th><th scope="col" class="number">95&nbsp;% bound</th><th scope="col" class="number">Sample</th><th scope="col">Verdict</th><th scope="col">Because</th></tr></thead>
${results.map((result) => promise(result, links))}
</table></section>`;
}

function promise({ threshold, measurement, verdict, because }: Result, links: MarkLinks): Markup {
  const metric = metricOf(threshold.metric);
  const { value, bound, resolution } = measurement;
  return html`<tbody class="promise promise-${verdict}"><tr>
<th scope="row">${metric.title} <span class="asked">${threshold.text}</span></th>
<td class="number measured" data-label="Measured">${value === undefined ? html`<span class="soft">not measured</span>` : html`<b>${formatQuantity(metric.unit, value, threshold.limit)}</b>`}${resolution !== undefined && html`<small>to within ${formatQuantity(metric.unit, resolution)}</small>`}</td>
<td class="number" data-label="95 % bound">${bound === undefined ? "–" : formatBound(metric, bound)}</td>
<td class="number" data-label="Sample">${formatCount(measurement.sample)}</td>
<td data-label="Verdict">${verdictMark(verdict)}</td>
<td class="because" data-label="Because">${keepUnits(because)}${measurement.summary !== because && html`<small>${keepUnits(measurement.summary)}</small>`}${measurement.doubts.map((doubt) => html`<small class="doubt">${keepUnits(doubt)}</small>`)}</td>
</tr>${measurement.evidence.total > 0 && html`<tr class="evidence"><td colspan="6">${evidenceDetails(measurement.evidence, links)}</td></tr>`}</tbody>`;
}
