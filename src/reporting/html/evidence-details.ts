import type { Exchange } from "#domain/exchange.ts";
import type { Evidence } from "#domain/measurement.ts";
import { describeOutcome } from "#reporting/describe-outcome.ts";
import { formatCount, formatDuration, formatInstant } from "#reporting/format-quantity.ts";
import { html, type Markup } from "./markup.ts";
import { numberCell, scrollingTable } from "./table.ts";

/** Where on the timeline an exchange is drawn; undefined for one that has no mark. */
export type MarkLinks = (exchange: Pick<Exchange, "stream" | "seq">) => string | undefined;

/** The cases behind a number, folded away until somebody wants to argue with it. */
export function evidenceDetails({ total, exchanges, notes }: Evidence, links: MarkLinks): Markup {
  const cases = total === 1 ? "1 case" : `${formatCount(total)} cases`;
  const shown = exchanges.length + notes.length;
  const extract = `The first ${formatCount(shown)} of ${formatCount(total)}`;
  return html`<details><summary>${cases} behind this number</summary>
${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${exchanges.length > 0 && exchangeTable(exchanges, links)}
${shown < total && html`<p class="soft">${extract}; the history beside this file has them all.</p>`}
</details>`;
}

function exchangeTable(exchanges: readonly Exchange[], links: MarkLinks): Markup {
  return scrollingTable({
    label: "Requests behind this number",
    columns: [
      "Request",
      { number: "Sent at" },
      { number: "Took" },
      "Connection",
      "Served by",
      "What happened",
      "Timeline",
    ],
    rows: exchanges.map((exchange) => exchangeRow(exchange, links(exchange))),
  });
}

function exchangeRow(exchange: Exchange, link: string | undefined): Markup {
  const { stream, seq, connection, connectionId, servedBy, outcome } = exchange;
  return html`<tr><th scope="row">${stream} #${seq}</th>
${numberCell(formatInstant(exchange.sentAtMs))}
${numberCell(formatDuration(exchange.endedAtMs - exchange.scheduledAtMs))}
<td>${connection} #${connectionId}</td>
<td>${servedBy ?? "nobody answered"}</td>
<td>${describeOutcome(outcome)}</td>
<td>${link === undefined ? "–" : html`<a href="#${link}">show</a>`}</td></tr>`;
}
