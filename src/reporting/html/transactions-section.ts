import type { Report } from "#domain/report.ts";
import type { TransactionClass } from "#domain/transaction.ts";
import { formatCount } from "#reporting/format-quantity.ts";
import { html, type Markup } from "./markup.ts";
import { numberCell, tableHead } from "./table.ts";

/** What the ledger of the workload said of every transaction, afterwards. */
export function transactionsSection({ transactions, header }: Report): Markup | undefined {
  if (!header.load.some(({ type }) => type === "transactions")) return undefined;
  const total = CLASSES.reduce((sum, [name]) => sum + transactions[name], 0);
  const table = html`<table class="classes">
${tableHead(["Class", { number: "Count" }, "What the ledger shows"])}
<tbody>${CLASSES.map(([name, meaning]) => row(name, transactions[name], meaning))}</tbody>
</table>`;
  return html`<section id="transactions"><h2>Transactions</h2>
${total === 0 ? html`<p>No transaction could be classified.</p>` : table}
</section>`;
}

function row(name: TransactionClass, count: number, meaning: string): Markup {
  const bad = name !== "committed" && count > 0;
  const text = formatCount(count);
  return html`<tr><th scope="row">${name}</th>
${numberCell(bad ? html`<b class="verdict-fail">${text}</b>` : text)}
<td>${meaning}</td></tr>`;
}

const CLASSES: readonly (readonly [TransactionClass, string])[] = [
  ["committed", "Every effect exactly once."],
  ["resolved", "Its answer was lost; the ledger tells its end, and that is a right one."],
  ["incomplete", "Refused before its end: the order is lost, the books are right."],
  ["lost", "Acknowledged to the client, and not there."],
  ["partial", "Some of its effects, and not the others."],
  ["duplicated", "An effect more than once."],
  ["phantom", "In the ledger, and never asked for."],
];
