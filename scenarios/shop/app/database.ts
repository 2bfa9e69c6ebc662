import { randomUUID } from "node:crypto";
import { existsSync, linkSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How long a writer waits for the other pods' writers; a write takes well under a millisecond. */
const BUSY_TIMEOUT_MS = 5_000;

/** What each item's stock begins with; the audit adds it up again. */
export const INITIAL_STOCK = 10_000_000;

const SCHEMA = `
  CREATE TABLE stock (
    item TEXT PRIMARY KEY, price_cents INTEGER NOT NULL, quantity INTEGER NOT NULL CHECK (quantity >= 0)
  ) STRICT;
  CREATE TABLE reservations (
    key TEXT PRIMARY KEY, item TEXT NOT NULL, quantity INTEGER NOT NULL, pod TEXT NOT NULL
  ) STRICT;
  CREATE TABLE charges (
    key TEXT PRIMARY KEY, amount_cents INTEGER NOT NULL, pod TEXT NOT NULL
  ) STRICT;
  CREATE TABLE confirmations (key TEXT PRIMARY KEY, pod TEXT NOT NULL) STRICT;
  INSERT INTO stock VALUES ('tea', 450, ${INITIAL_STOCK}), ('cup', 1200, ${INITIAL_STOCK});
`;

/** Opens the one file that all pods share through their volume; the first pod creates it. */
export function openDatabase(directory: string): DatabaseSync {
  const file = databaseFile(directory);
  if (!existsSync(file)) createDatabase(directory, file);
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  // Flushed at checkpoints only: a killed process loses nothing committed, a power cut could.
  database.exec("PRAGMA synchronous = NORMAL");
  return database;
}

/**
 * Many pods start at once, and SQLite does not wait for a lock while a file is being switched to WAL. So
 * each makes a finished file of its own, and the file system lets one of them have the name.
 */
function createDatabase(directory: string, file: string): void {
  mkdirSync(directory, { recursive: true });
  const draft = join(directory, `${randomUUID()}.draft`);
  const database = new DatabaseSync(draft);
  database.exec(`PRAGMA journal_mode = WAL; ${SCHEMA}`);
  database.close();
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft);
  }
}

/** A connection of its own for the audit: its long snapshot must not hold up this pod's writes. */
export function openForReading(directory: string): DatabaseSync {
  return new DatabaseSync(databaseFile(directory), { readOnly: true, timeout: BUSY_TIMEOUT_MS });
}

/**
 * All of `work` or nothing of it. IMMEDIATE takes the write lock at the start, where SQLite waits for
 * it; a transaction that reads first and writes later is refused at once when somebody else wrote.
 */
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

function databaseFile(directory: string): string {
  return join(directory, "shop.db");
}
