import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "#domain/exchange.ts";
import {
  decodeExchange,
  EXCHANGE_BYTES,
  exchangesFileName,
  podsFileName,
} from "#domain/ledger-record.ts";
import type { Transaction } from "#domain/transaction.ts";
import { TRANSACTIONS_FILE } from "./transactions-driver.ts";

/** All exchanges of a small ledger at once, in the order in which they ended; for trying the load itself. */
export function readLedger(directory: string, stream: string): readonly Exchange[] {
  const bytes = readFileSync(join(directory, exchangesFileName(stream)));
  const lines = readFileSync(join(directory, podsFileName(stream)), "utf8").split("\n");
  const pods = lines.slice(0, -1).map((line) => JSON.parse(line) as string);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / EXCHANGE_BYTES }, (_, index) =>
    decodeExchange(view, index * EXCHANGE_BYTES, { stream, pods }),
  );
}

/** All transactions of a small run, in the order in which they ended. */
export function readTransactions(directory: string): readonly Transaction[] {
  const lines = readFileSync(join(directory, TRANSACTIONS_FILE), "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Transaction);
}
