import assert from "node:assert/strict";
import { appendFileSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import type { History } from "#domain/history.ts";
import { EXCHANGE_BYTES, exchangesFileName, podsFileName } from "#domain/ledger-record.ts";
import { mergeLedgers, type WorkerLedger } from "#domain/merge-ledgers.ts";
import { seededRandom } from "#domain/seeded-random.ts";
import { openRun } from "#history/open-run.ts";
import { readExchanges } from "#history/read-exchanges.ts";
import { judged, numbersOf, SEEDS } from "./numbers-of.ts";
import { account, randomHistory } from "./random-history.ts";
import { readRecords, temporaryFolder, writeExchanges, writeRun } from "./run-on-disk.ts";

describe("splitting the exchange files", () => {
  it.each(SEEDS)("at any record and joining them changes no number (seed %i)", async (seed) => {
    using whole = temporaryFolder();
    using joined = temporaryFolder();
    const history = randomHistory(seed);
    const directory = await writeRun(whole.path, history);
    const random = seededRandom(seed);
    for (const { name } of history.header.load) {
      const records = readRecords(directory, name);
      const cut = Math.floor((random() * records.length) / EXCHANGE_BYTES) * EXCHANGE_BYTES;
      const copy = join(joined.path, exchangesFileName(name));
      appendFileSync(copy, records.subarray(0, cut));
      appendFileSync(copy, records.subarray(cut));
      copyFileSync(join(directory, podsFileName(name)), join(joined.path, podsFileName(name)));
    }
    const streams = history.header.load.map(({ name }) => name);
    assert.deepEqual(
      judged({ ...history, exchanges: readExchanges(joined.path, streams) }),
      judged(history),
    );
  });

  it.each(SEEDS)(
    "and reading the parts as two ledgers changes no number (seed %i)",
    async (seed) => {
      using first = temporaryFolder();
      using second = temporaryFolder();
      const history = randomHistory(seed);
      const random = seededRandom(seed);
      const streams = history.header.load.map(({ name }) => name);
      for (const name of streams) {
        const exchanges = [...history.exchanges].filter(({ stream }) => stream === name);
        const cut = Math.floor(random() * exchanges.length);
        writeExchanges(first.path, name, exchanges.slice(0, cut));
        writeExchanges(second.path, name, exchanges.slice(cut));
      }
      const parts = [first, second].map(({ path }) => ({
        exchanges: readExchanges(path, streams),
        transactions: [],
        streams: [],
      }));
      const { exchanges } = mergeLedgers(parts, streams);
      assert.deepEqual(
        numbersOf({ ...history, exchanges: sharedConnections(exchanges, 2) }),
        numbersOf(history),
      );
    },
  );

  it.each(SEEDS)("within a record loses that record and no other (seed %i)", async (seed) => {
    using folder = temporaryFolder();
    const history = randomHistory(seed);
    const directory = await writeRun(folder.path, history);
    const torn = join(directory, exchangesFileName("browse"));
    appendFileSync(torn, readRecords(directory, "browse").subarray(0, 1 + (seed % 63)));
    assert.deepEqual(judged(await openRun(directory)), judged(history));
  });
});

describe("merging the ledgers of two workers", () => {
  it.each(SEEDS)("changes no number (seed %i)", (seed) => {
    const history = randomHistory(seed);
    const streams = history.header.load.map(({ name }) => name);
    const workers = [0, 1].map((worker) => shareOf(worker, history));
    const merged = mergeLedgers(workers, streams);
    expect(merged.streams).toEqual(history.closing.streams);
    const { exchanges, transactions, connections = [] } = merged;
    assert.deepEqual(
      numbersOf({ ...history, exchanges, transactions, connections }),
      numbersOf(history),
    );
  });

  it.each(SEEDS)("does not depend on the order of the workers (seed %i)", (seed) => {
    const history = randomHistory(seed);
    const streams = history.header.load.map(({ name }) => name);
    const workers = [0, 1, 2].map((worker) => shareOf(worker, history, 3));
    const numbers = (order: readonly WorkerLedger[]) =>
      numbersOf({
        ...history,
        ...mergeLedgers(order, streams),
        closing: history.closing,
      } as History);
    assert.deepEqual(numbers(workers), numbers(workers.toReversed()));
  });
});

/** A connection belongs to one worker, which counts its connections from 1. */
function shareOf(worker: number, history: History, workers = 2): WorkerLedger {
  const own = new Map<string, number>();
  const exchanges: Exchange[] = [];
  for (const exchange of history.exchanges) {
    const { stream, connectionId } = exchange;
    if (connectionId % workers !== worker) continue;
    const name = `${stream} ${connectionId}`;
    own.set(name, own.get(name) ?? own.size + 1);
    exchanges.push({ ...exchange, connectionId: own.get(name) ?? 0 });
  }
  return {
    exchanges,
    // Whoever had a place before keeps it with the connection that takes it over.
    connections: (history.connections ?? []).filter(({ place }) => place % workers === worker),
    transactions: history.transactions.filter((_, place) => place % workers === worker),
    streams: history.closing.streams.map(({ stream }) => account(stream, exchanges)),
  };
}

/** Two parts of one file share their connections, which merging takes for those of two workers. */
function sharedConnections(exchanges: Iterable<Exchange>, parts: number): readonly Exchange[] {
  return [...exchanges].map(({ connectionId, ...exchange }) => ({
    ...exchange,
    connectionId: Math.floor(connectionId / parts),
  }));
}
