import type { Exchange } from "#domain/exchange.ts";
import type { Evidence } from "#domain/measurement.ts";
import { describeOutcome } from "#reporting/describe-outcome.ts";
import { formatCount, formatDuration, formatInstant } from "#reporting/format-quantity.ts";
import { html, type Markup } from "./markup.ts";

/** Where on the timeline an exchange is drawn; undefined for one that has no mark. */
export type MarkLinks = (exchange: Pick<Exchange, "stream" | "seq">) => string | undefined;

/** The cases behind a number, folded away until somebody wants to argue with it. */
export function evidenceDetails({ total, exchanges, notes }: Evidence, links: MarkLinks): Markup {
  const shown = exchanges.length + notes.length;
  return html`<details><summary>${formatCount(total)} ${total === 1 ? "case" : "cases"} behind this number</summary>
${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${exchanges.length > 0 && exchangeTable(exchanges, links)}
${shown < total && html`<p class="soft">The first ${formatCount(shown)} of ${formatCount(total)}; the history beside this file has them all.</p>`}
</details>`;
}

function exchangeTable(exchanges: readonly Exchange[], links: MarkLinks): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Requests behind this number"><table>
<thead><tr><th scope="col">Request</th><th scope="col" class="number">Sent at</th><th scope="col" class="number">Took</th><th scope="col">Connection</th><th scope="col">Served by</th><th scope="col">What happened</th><th scope="col">Timeline</th></tr></thead>
<tbody>${exchanges.map((exchange) => exchangeRow(exchange, links(exchange)))}</tbody></table></div>`;
}

function exchangeRow(exchange: Exchange, link: string | undefined): Markup {
  const { stream, seq, sentAtMs, endedAtMs, scheduledAtMs, connection, connectionId } = exchange;
  return html`<tr><th scope="row">${stream} #${seq}</th><td class="number">${formatInstant(sentAtMs)}</td><td class="number">${formatDuration(endedAtMs - scheduledAtMs)}</td><td>${connection} #${connectionId}</td><td>${exchange.servedBy ?? "nobody answered"}</td><td>${describeOutcome(exchange.outcome)}</td><td>${link === undefined ? "–" : html`<a href="#${link}">show</a>`}</td></tr>`;
}
