import type { ArrivalRate } from "#domain/load-profile.ts";

/** The lowest rate from that long after the start of the load on; of a Poisson stream its mean. */
export function lowestRate(arrival: ArrivalRate, sinceMs: number): number {
  if (arrival.type !== "ramp") return arrival.perSecond;
  const { fromPerSecond, perSecond, rampMs } = arrival;
  if (sinceMs >= rampMs) return perSecond;
  const risen = (perSecond - fromPerSecond) * (Math.max(0, sinceMs) / rampMs);
  return Math.min(fromPerSecond + risen, perSecond);
}
