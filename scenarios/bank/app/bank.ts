import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How long a writer waits for the other pods' writers; a write takes well under a millisecond. */
const BUSY_TIMEOUT_MS = 5_000;

/** Of a pod that died with a receipt in its hands: then another pod may take it. */
const HELD_FOR_MS = 5_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS accounts (
    name TEXT PRIMARY KEY, cents INTEGER NOT NULL, bookings INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS transfers (
    key TEXT PRIMARY KEY, payer TEXT NOT NULL, payee TEXT NOT NULL, cents INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS receipts (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, held_until INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS mailed (key TEXT NOT NULL) STRICT;
  INSERT OR IGNORE INTO accounts VALUES ('ann', 10000000, 0), ('bob', 10000000, 0);
`;

export interface Transfer {
  readonly payer: string;
  readonly payee: string;
  readonly cents: number;
}

/** Accounts, the transfers between them, and a queue of receipts to be mailed; all pods share one file. */
export interface Bank {
  readonly database: DatabaseSync;
  /** Moves the money and queues the receipt, once for each key; false when that was done before. */
  transfer(key: string, transfer: Transfer): boolean;
  /** The oldest receipt that nobody holds; it is this pod's for a while. */
  holdReceipt(): string | undefined;
  /** Takes it off the queue and books it as mailed, in one; so a receipt that two pods held is mailed once. */
  mailReceipt(key: string): void;
}

/** Opens the file, or makes it; many pods may do so at once. */
export function openBank(directory: string): Bank {
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, "bank.db"), { timeout: BUSY_TIMEOUT_MS });
  // Nothing waits for the disk: a killed process loses nothing committed, a power cut could.
  database.exec("PRAGMA synchronous = OFF");
  inTransaction(database, () => database.exec(SCHEMA));
  const addTransfer = database.prepare("INSERT OR IGNORE INTO transfers VALUES (?, ?, ?, ?)");
  const debit = database.prepare("UPDATE accounts SET cents = cents - ? WHERE name = ?");
  const credit = database.prepare(
    "UPDATE accounts SET cents = cents + ?, bookings = bookings + 1 WHERE name = ?",
  );
  const addReceipt = database.prepare("INSERT INTO receipts (key, held_until) VALUES (?, 0)");
  const hold = database.prepare(
    "UPDATE receipts SET held_until = :until WHERE id = " +
      "(SELECT id FROM receipts WHERE held_until < :now ORDER BY id LIMIT 1) RETURNING key",
  );
  const dropReceipt = database.prepare("DELETE FROM receipts WHERE key = ?");
  const addMailed = database.prepare("INSERT INTO mailed VALUES (?)");

  return {
    database,
    transfer: (key, { payer, payee, cents }) =>
      inTransaction(database, () => {
        if (addTransfer.run(key, payer, payee, cents).changes === 0) return false;
        debit.run(cents, payer);
        credit.run(cents, payee);
        addReceipt.run(key);
        return true;
      }),
    holdReceipt: () => {
      const now = Date.now();
      const receipt = inTransaction(database, () => hold.get({ now, until: now + HELD_FOR_MS }));
      return receipt === undefined ? undefined : String(receipt["key"]);
    },
    mailReceipt: (key) =>
      inTransaction(database, () => {
        if (dropReceipt.run(key).changes === 1) addMailed.run(key);
      }),
  };
}

/** All of `work` or nothing of it. IMMEDIATE takes the write lock at the start, where SQLite waits for it. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
