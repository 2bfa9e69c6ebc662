import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "#domain/exchange.ts";
import type { HeldConnection } from "#domain/held-connection.ts";
import type { StreamAccount } from "#domain/history.ts";
import {
  EXCHANGE_BYTES,
  encodeExchange,
  exchangesFileName,
  podsFileName,
} from "#domain/ledger-record.ts";
import { mergeLedgers, type WorkerLedger } from "#domain/merge-ledgers.ts";
import type { Transaction } from "#domain/transaction.ts";
import { readExchanges } from "./read-exchanges.ts";
import { RUN_FILES } from "./run-folder.ts";

/** So many records are written at once. */
const RECORDS = 4_096;

/**
 * Writes the ledger that one worker would have written from those that several have: `shares` are their
 * folders. Returns what was counted in each, stream by stream. A last record or line that did not come whole
 * is none.
 */
export function mergeShares(
  directory: string,
  shares: readonly string[],
  streams: readonly string[],
): readonly (readonly StreamAccount[])[] {
  const counts = shares.map(() => streams.map(emptyAccount));
  for (const [place, stream] of streams.entries()) {
    const ledgers = shares.map((share, worker) => ({
      exchanges: counting(readExchanges(share, [stream]), counts[worker]?.[place]),
      ...{ transactions: [], streams: [] },
    }));
    writeStream(directory, stream, mergeLedgers(ledgers, [stream]).exchanges);
  }
  const { transactions, connections = [] } = mergeLedgers(shares.map(readLines), streams);
  writeLines(join(directory, RUN_FILES.transactions), transactions);
  writeLines(join(directory, RUN_FILES.connections), connections);
  return counts;
}

/** What is not among the exchanges, of one worker. */
function readLines(share: string): WorkerLedger {
  const linesOf = <T>(file: string): readonly T[] => {
    const path = join(share, file);
    if (!existsSync(path)) return []; // its load has none of these
    const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as T); // written by a worker of this version
  };
  return {
    ...{ exchanges: [], streams: [] },
    transactions: linesOf<Transaction>(RUN_FILES.transactions),
    connections: linesOf<HeldConnection>(RUN_FILES.connections),
  };
}

function writeLines(path: string, records: readonly object[]): void {
  if (records.length === 0) return;
  writeFileSync(path, records.map((one) => `${JSON.stringify(one)}\n`).join(""), { flag: "wx" });
}

type Counts = { -readonly [Key in keyof StreamAccount]: StreamAccount[Key] };

function emptyAccount(stream: string): Counts {
  return {
    stream,
    ...{ scheduled: 0, ok: 0, failed: 0, indeterminate: 0, undelivered: 0, late: 0 },
    worstLoopDelayMs: 0,
    harnessFailures: [],
  };
}

function* counting(exchanges: Iterable<Exchange>, counts: Counts | undefined): Iterable<Exchange> {
  for (const exchange of exchanges) {
    if (counts !== undefined) {
      counts.scheduled++;
      counts[exchange.outcome.type]++;
      if (exchange.late) counts.late++;
    }
    yield exchange;
  }
}

function writeStream(directory: string, stream: string, exchanges: Iterable<Exchange>): void {
  const pods = new Map<string, number>();
  const numberOf = (pod: string | undefined) => {
    if (pod === undefined) return 0;
    const number = pods.get(pod) ?? pods.size + 1;
    pods.set(pod, number);
    return number;
  };
  const buffer = Buffer.alloc(RECORDS * EXCHANGE_BYTES);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  const file = openSync(join(directory, exchangesFileName(stream)), "wx");
  try {
    let filled = 0;
    for (const { servedBy, ...exchange } of exchanges) {
      encodeExchange(view, filled, { ...exchange, pod: numberOf(servedBy) });
      filled += EXCHANGE_BYTES;
      if (filled === buffer.length) {
        writeSync(file, buffer);
        filled = 0;
      }
    }
    writeSync(file, buffer, 0, filled);
  } finally {
    closeSync(file);
  }
  const names = [...pods.keys()].map((pod) => `${JSON.stringify(pod)}\n`);
  writeFileSync(join(directory, podsFileName(stream)), names.join(""), { flag: "wx" });
}
