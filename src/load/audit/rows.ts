import type { AuditCheck } from "#domain/audit-check.ts";
import type { SqlAudit } from "#domain/audit-source.ts";
import type { LedgerEntry } from "#domain/transaction.ts";
import { type AuditAnswer, type LedgerSource, withPrefix } from "./audit-answer.ts";

/** What a query answered; the columns are known even where there is no row. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Asks the query of the ledger and those of all checks; `ask` reads them from one snapshot. */
export async function askQueries(
  { query }: SqlAudit,
  { checks, keyPrefix }: LedgerSource,
  ask: (query: string) => Rows | Promise<Rows>,
): Promise<AuditAnswer> {
  const entries = ledgerEntries(await ask(withPrefix(query, keyPrefix)));
  const values = [];
  for (const check of checks) {
    const rows = await ask(withPrefix(queryOf(check), keyPrefix));
    values.push(cellsFor(check, rows));
  }
  return { entries, values };
}

function queryOf({ name, place }: AuditCheck): string {
  if (place.type === "query") return place.query;
  throw new TypeError(`${name} has a path, and the audit is a database.`);
}

function ledgerEntries({ columns, rows }: Rows): readonly LedgerEntry[] {
  const places = ["key", "effect", "count"].map((name) => columns.indexOf(name));
  if (places.includes(-1))
    throw new Error(
      `the query has the columns ${columns.join(", ")}; it must have key, effect and count`,
    );
  return rows.map((row, index) => {
    const [key, effect, count] = places.map((place) => row[place]);
    if (typeof key !== "string" || typeof effect !== "string" || !Number.isInteger(count))
      throw new Error(
        `row ${index + 1} has no texts as key and effect, or no whole number as count`,
      );
    return { key, effects: { [effect]: Number(count) } };
  });
}

/** A counter is one number; everything else may have many rows. */
function cellsFor({ name, type }: AuditCheck, { columns, rows }: Rows): unknown {
  if (columns.length !== 1)
    throw new Error(`the query of ${name} has the columns ${columns.join(", ")}; it must have one`);
  const cells = rows.map(([cell]) => cell);
  return type === "counter" && cells.length === 1 ? cells[0] : cells;
}
