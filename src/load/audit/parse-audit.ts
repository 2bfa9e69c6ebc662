import type { LedgerEntry } from "#domain/transaction.ts";

/** The entries of `{ transactions: [{ key, effects: { name: count } }] }`; throws when it is not that. */
export function parseAudit(text: string): readonly LedgerEntry[] {
  const ledger: unknown = JSON.parse(text);
  const transactions = isObject(ledger) ? ledger["transactions"] : undefined;
  if (!Array.isArray(transactions)) throw new Error("the answer has no list of transactions");
  return transactions.map((entry: unknown, index) => {
    const key = isObject(entry) ? entry["key"] : undefined;
    const effects = isObject(entry) ? entry["effects"] : undefined;
    if (typeof key !== "string" || !isObject(effects) || !Object.values(effects).every(isCount))
      throw new Error(`transactions[${index}] has no key, or effects that are no counts`);
    return { key, effects: effects as Readonly<Record<string, number>> }; // every value was looked at
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value);
}
