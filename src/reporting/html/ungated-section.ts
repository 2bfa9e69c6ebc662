import type { Measurement } from "#domain/measurement.ts";
import { metricOf } from "#domain/metric.ts";
import type { Report } from "#domain/report.ts";
import { evidenceDetails, type MarkLinks } from "./evidence-details.ts";
import { keepUnits } from "./keep-units.ts";
import { html, type Markup } from "./markup.ts";
import { METRIC_COLUMNS, metricCells } from "./metric-cells.ts";
import { evidenceRow } from "./promises-section.ts";
import { tableHead } from "./table.ts";

/** Measured all the same, so that a promise nobody asked for is not a fact nobody sees. */
export function ungatedSection({ ungated }: Report, links: MarkLinks): Markup | undefined {
  if (ungated.length === 0) return undefined;
  return html`<section id="ungated"><h2>Other metrics</h2>
<p class="soft">Measured, and without influence on the verdict: no promise about them was asked for.</p>
<table class="cards">
${tableHead(["Metric", ...METRIC_COLUMNS, "What was seen"])}
${ungated.map((measurement) => row(measurement, links))}
</table></section>`;
}

function row(measurement: Measurement, links: MarkLinks): Markup {
  const { metric, summary, doubts, evidence } = measurement;
  return html`<tbody><tr><th scope="row">${metricOf(metric).title}</th>
${metricCells(measurement)}
<td class="because" data-label="What was seen">${keepUnits(summary)}
${doubts.map((doubt) => html`<small class="doubt">${keepUnits(doubt)}</small>`)}</td>
</tr>${evidence.total > 0 && evidenceRow(evidenceDetails(evidence, links), 5)}</tbody>`;
}
