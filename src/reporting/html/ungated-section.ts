import type { Measurement } from "#domain/measurement.ts";
import { metricOf } from "#domain/metric.ts";
import type { Report } from "#domain/report.ts";
import { formatBound, formatCount, formatQuantity } from "#reporting/format-quantity.ts";
import { evidenceDetails, type MarkLinks } from "./evidence-details.ts";
import { keepUnits } from "./keep-units.ts";
import { html, type Markup } from "./markup.ts";

/** Measured all the same, so that a promise nobody asked for is not a fact nobody sees. */
export function ungatedSection({ ungated }: Report, links: MarkLinks): Markup | undefined {
  if (ungated.length === 0) return undefined;
  return html`<section id="ungated"><h2>Other metrics</h2>
<p class="soft">Measured, and without influence on the verdict: the feature asks for no promise about them.</p>
<table class="cards">
<thead><tr><th scope="col">Metric</th><th scope="col" class="number">Measured</th><th scope="col" class="number">95&nbsp;% bound</th><th scope="col" class="number">Sample</th><th scope="col">What was seen</th></tr></thead>
${ungated.map((measurement) => row(measurement, links))}</table></section>`;
}

function row(measurement: Measurement, links: MarkLinks): Markup {
  const metric = metricOf(measurement.metric);
  const { value, bound, resolution, evidence } = measurement;
  return html`<tbody><tr><th scope="row">${metric.title}</th>
<td class="number" data-label="Measured">${value === undefined ? html`<span class="soft">not measured</span>` : html`<b>${formatQuantity(metric.unit, value)}</b>`}${resolution !== undefined && html`<small>to within ${formatQuantity(metric.unit, resolution)}</small>`}</td>
<td class="number" data-label="95 % bound">${bound === undefined ? "–" : formatBound(metric, bound)}</td>
<td class="number" data-label="Sample">${formatCount(measurement.sample)}</td>
<td data-label="What was seen">${keepUnits(measurement.summary)}${measurement.doubts.map((doubt) => html`<small class="doubt">${keepUnits(doubt)}</small>`)}</td></tr>
${evidence.total > 0 && html`<tr class="evidence"><td colspan="5">${evidenceDetails(evidence, links)}</td></tr>`}</tbody>`;
}
