/** Which part of a load one worker offers: every `of`-th request, from the one with its own number on. */
export interface LoadShare {
  /** From 0. */
  readonly worker: number;
  readonly of: number;
}

/** One worker and all of the load: what a run without workers is. */
export const WHOLE_LOAD: LoadShare = { worker: 0, of: 1 };

/**
 * The number that a worker's n-th request has in the whole load. All workers walk the same schedule, so the
 * sum of their rates is the rate that was asked for, and their requests fall between each other's.
 */
export function numberInWhole({ worker, of }: LoadShare, n: number): number {
  return worker + n * of;
}

/** How many of so many things a worker has: connections, or the requests that were due. */
export function shareOf({ worker, of }: LoadShare, all: number): number {
  return Math.max(0, Math.ceil((all - worker) / of));
}

/** What a run says in the end of each worker that its load had inside the cluster. */
export interface LoadWorker {
  /** `load worker 2 (pod lastcall-load-1f-2-x8v, node kind-worker)`: for people. */
  readonly name: string;
  /** Its instants are right to this many milliseconds, in either direction. */
  readonly clockBoundMs: number;
  /** Why its ledger is not whole; absent when it is. */
  readonly lost?: string;
}

/** Marks the pods that offer the load: they are no part of what is disturbed. */
export const LOAD_WORKER_LABEL = "lastcall.dev/load-worker";
