import { nextSteps } from "#domain/next-steps.ts";
import type { Report } from "#domain/report.ts";
import { keepUnits } from "./keep-units.ts";
import { html, type Markup } from "./markup.ts";

/** What weakens the whole run, and what would make it certain; before the numbers, because it is read with them. */
export function doubtsSection(report: Report): Markup | undefined {
  const { doubts } = report;
  const steps = nextSteps(report);
  if (doubts.length === 0 && steps.length === 0) return undefined;
  return html`<section id="doubts" class="doubts">${list("What weakens this result", doubts)}${list("What to do next", steps)}</section>`;
}

function list(title: string, items: readonly string[]): Markup | undefined {
  if (items.length === 0) return undefined;
  return html`<h2>${title}</h2>
<ul>${items.map((item) => html`<li>${keepUnits(item)}</li>`)}</ul>`;
}
