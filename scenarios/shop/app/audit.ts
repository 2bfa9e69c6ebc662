import type { DatabaseSync } from "node:sqlite";
import { INITIAL_STOCK } from "./database.ts";

/** Effects are counted in the tables they were written to: no summary could hide a lost one. */
const EFFECTS = `
  SELECT key, SUM(reserve) AS reserve, SUM(charge) AS charge, SUM(confirm) AS confirm FROM (
    SELECT key, 1 AS reserve, 0 AS charge, 0 AS confirm FROM reservations WHERE key >= :from AND key < :until
    UNION ALL SELECT key, 0, 1, 0 FROM charges WHERE key >= :from AND key < :until
    UNION ALL SELECT key, 0, 0, 1 FROM confirmations WHERE key >= :from AND key < :until
  ) GROUP BY key ORDER BY key
`;

const IMBALANCE = `
  SELECT item, taken, reserved FROM (
    SELECT item, ${INITIAL_STOCK} - quantity AS taken,
      (SELECT COALESCE(SUM(quantity), 0) FROM reservations WHERE item = stock.item) AS reserved
    FROM stock
  ) WHERE taken <> reserved
`;

/** Items whose stock and reservations disagree; with any of them no ledger of orders can be trusted. */
export function findImbalance(database: DatabaseSync): readonly unknown[] {
  return database.prepare(IMBALANCE).all();
}

/** The orders whose key begins with `prefix`, as the pieces of one JSON document. */
export function* ledger(database: DatabaseSync, prefix: string): Generator<string> {
  // U+10FFFF sorts after every other character, so the range is all that begins with the prefix.
  const range = { from: prefix, until: `${prefix}\u{10FFFF}` };
  yield '{"transactions":[';
  let separator = "\n";
  for (const { key, ...effects } of database.prepare(EFFECTS).iterate(range)) {
    yield `${separator}${JSON.stringify({ key, effects })}`;
    separator = ",\n";
  }
  yield "\n]}\n";
}
