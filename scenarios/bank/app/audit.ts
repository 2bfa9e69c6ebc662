import type { Bank } from "./bank.ts";

/** What the checks of scenario.yaml look at, all of it seen at the same instant; of the keys only those with the prefix. */
export function audit({ database }: Bank, prefix: string): object {
  const keys = (table: "transfers" | "mailed") =>
    database
      .prepare(`SELECT key FROM ${table} WHERE key >= ? AND key < ?`)
      // U+10FFFF sorts after every other character, so the range is all that begins with the prefix.
      .all(prefix, `${prefix}\u{10FFFF}`)
      .map(({ key }) => String(key));
  database.exec("BEGIN");
  try {
    const accounts = database.prepare("SELECT name, cents, bookings FROM accounts").all();
    const transfers = keys("transfers");
    return {
      transactions: transfers.map((key) => ({ key, effects: { transfer: 1 } })),
      transfers,
      balances: Object.fromEntries(accounts.map(({ name, cents }) => [String(name), cents])),
      bookings: accounts.reduce((sum, { bookings }) => sum + Number(bookings), 0),
      mailed: keys("mailed"),
    };
  } finally {
    database.exec("COMMIT");
  }
}
