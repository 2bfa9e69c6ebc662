import type { Measurement } from "#domain/measurement.ts";
import { metricOf } from "#domain/metric.ts";
import { formatBound, formatCount, formatQuantity } from "#reporting/format-quantity.ts";
import { html, type Markup } from "./markup.ts";

/** The heads of the cells that `metricCells` writes. */
export const METRIC_COLUMNS = [
  { number: "Measured" },
  { number: "95 % bound" },
  { number: "Sample" },
] as const;

/** Value, bound and sample of a measurement, as three cells that also work one below the other. */
export function metricCells(measurement: Measurement, limit?: number): Markup {
  const metric = metricOf(measurement.metric);
  const { value, bound, resolution, sample } = measurement;
  const measured =
    value === undefined
      ? html`<span class="soft">not measured</span>`
      : html`<b>${formatQuantity(metric.unit, value, limit)}</b>`;
  const fineness =
    resolution !== undefined &&
    html`<small>to within ${formatQuantity(metric.unit, resolution)}</small>`;
  return html`<td class="number measured" data-label="Measured">${measured}${fineness}</td>
<td class="number" data-label="95 % bound">${bound === undefined ? "–" : formatBound(metric, bound)}</td>
<td class="number" data-label="Sample">${formatCount(sample)}</td>`;
}
