import type { FeatureStep } from "#domain/feature-text.ts";
import type { Report } from "#domain/report.ts";
import { html, type Markup } from "./markup.ts";

/** What was asked, word for word, in the language in which it was written. */
export function featureSection({ header: { feature } }: Report): Markup | undefined {
  if (feature === undefined) return undefined;
  return html`<section id="feature"><h2>The feature</h2>
<p class="soft">${feature.feature}, <code>${feature.file}:${feature.line}</code></p>
<div class="feature">
<p><b>${feature.scenario}</b></p>
<ol>${feature.steps.map(step)}</ol>
</div></section>`;
}

function step({ keyword, text, rows }: FeatureStep): Markup {
  return html`<li><b>${keyword}</b> ${text}${rows !== undefined && table(rows)}</li>`;
}

function table(rows: readonly (readonly string[])[]): Markup {
  return html`<table>${rows.map(
    (cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</table>`;
}
