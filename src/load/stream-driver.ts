import type { Outcome } from "#domain/exchange.ts";

/** How the requests of one stream reach the workload. The pacer decides when, the driver how. */
export interface StreamDriver {
  /** Sends what was due at this moment now, or settles it as undelivered; never later. */
  offer(scheduledAtMs: number): void;
  /** Fulfilled as soon as nothing is under way; to be asked for after the last offer. */
  drained(): Promise<void>;
  /** Settles what is still under way as aborted, and ends all connections. */
  close(): Promise<void>;
}

/** All connections that the stream may have are busy: the request is counted, never silently skipped. */
export const NO_FREE_CONNECTION: Outcome = { type: "undelivered", reason: "no-free-connection" };
