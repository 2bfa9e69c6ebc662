import type { Report } from "#domain/report.ts";
import { keepUnits } from "./keep-units.ts";
import { html, type Markup } from "./markup.ts";

/** What weakens the whole run; it stands before the numbers, because it is read with them. */
export function doubtsSection({ doubts }: Report): Markup | undefined {
  if (doubts.length === 0) return undefined;
  return html`<section id="doubts" class="doubts"><h2>What weakens this result</h2>
<ul>${doubts.map((doubt) => html`<li>${keepUnits(doubt)}</li>`)}</ul></section>`;
}
