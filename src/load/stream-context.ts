import type { Expectation, LoadStream, Timeouts } from "#domain/load-profile.ts";
import { type LoadShare, numberInWhole } from "#domain/load-worker.ts";
import type { Clock } from "#ports/clock.ts";
import type { LossCause } from "./classify-loss.ts";
import { DeadlineQueue } from "./deadline-queue.ts";
import { readsBody } from "./judge-answer.ts";
import type { StreamLedger } from "./stream-ledger.ts";
import type { Target } from "./target.ts";

/** How long a connection that is not wanted any more waits for the server to close it first. */
const LINGER_MS = 1_000;

/** What all connections of one stream share. */
export interface StreamContext {
  readonly target: Target;
  readonly clock: Pick<Clock, "nowMs">;
  readonly ledger: StreamLedger;
  /** Response header that names the pod, in lower case. */
  readonly podHeader: string;
  readonly keepsBodies: boolean;
  readonly deadlines: Deadlines;
  /** Goes into every key, so that runs and streams never meet in one database. */
  readonly keyPrefix: string;
  /** The number that the n-th request or transaction offered here has in the whole load. */
  readonly numberOf: (n: number) => number;
}

/** A connection, as far as a deadline can touch it. */
interface DeadlineOwner {
  lose(cause: LossCause): void;
  destroy(): void;
}

/** One queue for each of the waits, since each has a length of its own. */
export interface Deadlines {
  readonly connect: DeadlineQueue<DeadlineOwner>;
  readonly headers: DeadlineQueue<DeadlineOwner>;
  readonly body: DeadlineQueue<DeadlineOwner>;
  readonly linger: DeadlineQueue<DeadlineOwner>;
  /** Ends all waiting, and the connections that only waited for the server to close them. */
  close(): void;
}

interface StreamContextOptions {
  readonly stream: LoadStream;
  readonly target: Target;
  readonly clock: Pick<Clock, "nowMs">;
  readonly ledger: StreamLedger;
  readonly podHeader: string;
  /** Of the run. */
  readonly keyPrefix: string;
  readonly share: LoadShare;
}

/** Made once for a stream, with timers of its own; whoever drives the stream closes its deadlines. */
export function streamContext(options: StreamContextOptions): StreamContext {
  const { stream, target, clock, ledger, podHeader, keyPrefix, share } = options;
  return {
    target,
    clock,
    ledger,
    podHeader: podHeader.toLowerCase(),
    keepsBodies: expectationsOf(stream).some(readsBody),
    deadlines: deadlinesFor(stream.timeouts),
    keyPrefix: streamKeyPrefix(keyPrefix, stream),
    numberOf: (n) => numberInWhole(share, n),
  };
}

function expectationsOf(stream: LoadStream): readonly Expectation[] {
  switch (stream.type) {
    case "reused":
    case "fresh":
      return [stream.expect];
    case "transactions":
      return [stream.expect, ...stream.steps.flatMap(({ expect }) => expect ?? [])];
    case "websocket":
      return [];
  }
}

/** How the keys of one stream begin; each ends in the number of its request or transaction. */
export function streamKeyPrefix(runPrefix: string, { name }: Pick<LoadStream, "name">): string {
  return `${runPrefix}-${encodeURIComponent(name)}-`;
}

function deadlinesFor({ connectMs, headersMs, bodyMs }: Timeouts): Deadlines {
  const expired = (connection: DeadlineOwner) => connection.lose({ type: "timeout" });
  const queues = {
    connect: new DeadlineQueue(connectMs, expired),
    headers: new DeadlineQueue(headersMs, expired),
    body: new DeadlineQueue(bodyMs, expired),
    linger: new DeadlineQueue(LINGER_MS, (connection: DeadlineOwner) => connection.destroy()),
  };
  return {
    ...queues,
    close: () => {
      for (const connection of queues.linger.close()) connection.destroy();
      for (const queue of [queues.connect, queues.headers, queues.body]) queue.close();
    },
  };
}
