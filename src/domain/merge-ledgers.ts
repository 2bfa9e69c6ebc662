import type { Exchange } from "./exchange.ts";
import type { HeldConnection } from "./held-connection.ts";
import type { StreamAccount } from "./history.ts";
import { addAccounts } from "./stream-account.ts";
import type { Transaction } from "./transaction.ts";

/** What one load worker recorded of a run: its share of the streams that all workers have in common. */
export interface WorkerLedger {
  /** Stream by stream in the order of the load, and in each in the order of their ends. */
  readonly exchanges: Iterable<Exchange>;
  /** In the order of their ends. */
  readonly transactions: readonly Transaction[];
  /** In the order of their ends; absent where the worker held none. */
  readonly connections?: readonly HeldConnection[];
  readonly streams: readonly StreamAccount[];
}

/**
 * The one ledger that a single worker would have written, had it offered the load of all of them.
 *
 * Judging reads a ledger in the order of ends: the longest gap and the attribution by connection rest on
 * it. Each worker's own file has it, so merging restores it, one exchange of each in hand; those that
 * ended in the same instant come in the order of their numbers. Workers share one schedule, so numbers
 * are unique already; connections are counted by each worker from 1 and get numbers of their own here.
 */
export function mergeLedgers(
  ledgers: readonly WorkerLedger[],
  streams: readonly string[],
): WorkerLedger {
  const accounts = Map.groupBy(
    ledgers.flatMap((ledger) => ledger.streams),
    ({ stream }) => stream,
  );
  const connections = mergedConnections(ledgers);
  return {
    ...(connections.length > 0 && { connections }),
    exchanges: {
      [Symbol.iterator]: () => mergedExchanges(ledgers, streams),
    },
    transactions: ledgers
      .flatMap(({ transactions }) => transactions)
      .toSorted((a, b) => a.endedAtMs - b.endedAtMs),
    streams: streams.flatMap((stream) => {
      const shares = accounts.get(stream);
      return shares === undefined ? [] : [shares.reduce(addAccounts)];
    }),
  };
}

/** Places are each worker's own, too. */
function mergedConnections(ledgers: readonly WorkerLedger[]): readonly HeldConnection[] {
  const own = (number: number, worker: number) => number * ledgers.length + worker;
  return ledgers
    .flatMap(({ connections = [] }, worker) =>
      connections.map((held) => ({
        ...held,
        connectionId: own(held.connectionId, worker),
        place: own(held.place, worker),
      })),
    )
    .toSorted((a, b) => a.endedAtMs - b.endedAtMs);
}

interface Share {
  readonly worker: number;
  readonly rest: Iterator<Exchange>;
  next: Exchange;
}

function* mergedExchanges(
  ledgers: readonly WorkerLedger[],
  streams: readonly string[],
): Iterator<Exchange> {
  const places = new Map(streams.map((stream, place) => [stream, place]));
  let shares: Share[] = [];
  try {
    for (const [worker, { exchanges }] of ledgers.entries()) {
      const rest = exchanges[Symbol.iterator]();
      const { value, done } = rest.next();
      if (done !== true) shares.push({ worker, rest, next: value });
    }
    while (shares.length > 0) {
      const first = shares.reduce((a, b) => (comesBefore(b.next, a.next, places) ? b : a));
      const connectionId = first.next.connectionId * ledgers.length + first.worker;
      yield { ...first.next, connectionId };
      const { value, done } = first.rest.next();
      if (done === true) shares = shares.filter((share) => share !== first);
      else first.next = value;
    }
  } finally {
    for (const { rest } of shares) rest.return?.(); // whoever reads files closes them
  }
}

function comesBefore(a: Exchange, b: Exchange, places: ReadonlyMap<string, number>): boolean {
  const byStream = (places.get(a.stream) ?? 0) - (places.get(b.stream) ?? 0);
  if (byStream !== 0) return byStream < 0;
  if (a.endedAtMs !== b.endedAtMs) return a.endedAtMs < b.endedAtMs;
  return a.seq < b.seq;
}
