import { html, type Markup } from "./markup.ts";

/** A column's title, and whether it holds numbers, which stand to the right. */
export type Column = string | { readonly number: string };

/** One row of titles, each the head of its column for a screen reader too. */
export function tableHead(columns: readonly Column[]): Markup {
  return html`<thead><tr>${columns.map((column) =>
    typeof column === "string"
      ? html`<th scope="col">${column}</th>`
      : html`<th scope="col" class="number">${column.number}</th>`,
  )}</tr></thead>`;
}

/** A table that may be wider or longer than its place: it scrolls by itself, and by keyboard. */
export function scrollingTable({
  label,
  caption,
  columns,
  rows,
}: {
  readonly label: string;
  readonly caption?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Markup[];
}): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
${caption !== undefined && html`<caption>${caption}</caption>`}
${tableHead(columns)}
<tbody>${rows}</tbody>
</table></div>`;
}

/** Stands to the right, under the title of a column of numbers. */
export function numberCell(text: string | number | Markup): Markup {
  return html`<td class="number">${text}</td>`;
}
