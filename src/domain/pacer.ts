import type { ArrivalRate } from "./load-profile.ts";

/**
 * Given how many requests were scheduled so far, says when the next one is due, in milliseconds since
 * the load began. Pure, so that a test needs no clock and a worker can be handed any share of it.
 */
export type Pacer = (scheduled: number) => number;

/** Open model: slow answers never delay later requests, they only pile up. */
export function pacerFor(arrival: ArrivalRate): Pacer {
  const everyMs = 1000 / arrival.perSecond;
  return (scheduled) => scheduled * everyMs;
}
