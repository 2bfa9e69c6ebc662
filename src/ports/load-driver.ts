import type { StreamAccount } from "#domain/history.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import type { LoadShare, LoadWorker } from "#domain/load-worker.ts";
import type { Audit } from "#domain/transaction.ts";

/** Starts load against one address and writes every exchange to the ledger folder as it ends. */
export type StartLoad = (plan: LoadPlan) => Promise<RunningLoad>;

/** Everything the load needs to know, as plain data: it crosses into another process. */
export interface LoadPlan {
  readonly baseUrl: string;
  /** Where connections are opened instead of at the URL's own host, in turn; absent: there. */
  readonly hosts?: readonly string[];
  readonly streams: readonly LoadStream[];
  /** The run's folder; the ledger's files are `exchanges-<stream>.bin` and `transactions.ndjson`. */
  readonly directory: string;
  /** `performance.timeOrigin + performance.now()` at the run's zero, so that all clocks agree. */
  readonly runStartedAtMs: number;
  /** Prefix of the keys sent, so that runs against one database never meet. */
  readonly keyPrefix: string;
  readonly drainMs: number;
  /** Response header that names the pod. */
  readonly podHeader: string;
  /** Of a worker among several, which leaves the audit to whoever started them; absent: the whole load. */
  readonly share?: LoadShare;
}

/** Counts of the last interval, for progress; the ledger is the truth. */
export interface LoadProgress {
  readonly stream: string;
  readonly requests: number;
  readonly failures: number;
  readonly inFlight: number;
}

/** Load that goes on by itself until it is stopped or aborted; one of the two must be called. */
export interface RunningLoad {
  onProgress(listener: (progress: readonly LoadProgress[]) => void): void;
  /** Gates new requests, drains, marks the rest, closes the ledger, and reads the audit back. */
  stop(): Promise<LoadResult>;
  /** Ends at once, without a result; for error paths. */
  abort(): Promise<void>;
}

/** What the load says of itself once it has ended; the exchanges are in the ledger on disk. */
export interface LoadResult {
  readonly accounts: readonly StreamAccount[];
  readonly audit?: Audit;
  /** Of a load from inside the cluster. */
  readonly workers?: readonly LoadWorker[];
}
