import type { Exchange } from "./exchange.ts";

/** What one vantage point saw of a pod's leaving: each has a data path of its own, which learns of it when it does. */
export interface VantageSight {
  /** `entrance 2 (172.18.0.3)`, or the load worker's name. */
  readonly vantage: string;
  /** Absent when no new connection from there reached the pod after T0. */
  readonly lastNewConnectionAtMs?: number;
  /** How long after it, or after T0, the pod may have stayed in this one's choice, at 95 %: by its own rate. */
  readonly uncertaintyMs: number;
}

/** How a connection's number was made: `mergeLedgers` counts the workers in, `poolHistories` the repetitions. */
export interface ConnectionNumbering {
  readonly workers: number;
  readonly repetitions: number;
}

/** The load worker, from 0, that opened a connection; 0 where this machine offered the load. */
export function workerOf(
  { connectionId }: Pick<Exchange, "connectionId">,
  { workers, repetitions }: ConnectionNumbering,
): number {
  return Math.floor(connectionId / repetitions) % workers;
}
