import type { ArrivalRate, PoissonRate, RampingRate } from "./load-profile.ts";

/**
 * Given how many requests were scheduled so far, says when the next one is due, in milliseconds since
 * the load began. Pure, so that a test needs no clock and a worker can be handed any share of it.
 */
export type Pacer = (scheduled: number) => number;

/** Open model: slow answers never delay later requests, they only pile up. */
export function pacerFor(arrival: ArrivalRate): Pacer {
  switch (arrival.type) {
    case "constant":
      return (scheduled) => (scheduled * 1000) / arrival.perSecond;
    case "ramp":
      return ramp(arrival);
    case "poisson":
      return poisson(arrival);
  }
}

/**
 * While the rate changes, `from t + (to - from) t² / 2T` requests are due by t; each is due where that
 * sum reaches its number. A rate of 0 at the end lets nothing more come: the next is due never.
 */
function ramp({ fromPerSecond, perSecond, rampMs }: RampingRate): Pacer {
  const from = fromPerSecond / 1000;
  const to = perSecond / 1000;
  const growth = (to - from) / rampMs;
  const dueInRamp = ((from + to) / 2) * rampMs;
  return (scheduled) => {
    if (scheduled === 0) return 0;
    if (scheduled > dueInRamp) return rampMs + (scheduled - dueInRamp) / to;
    return (2 * scheduled) / (from + Math.sqrt(from * from + 2 * growth * scheduled));
  };
}

/** The sum of exponential gaps, remembered, because requests are asked for in their order. */
function poisson({ perSecond, seed }: PoissonRate): Pacer {
  let known = 0;
  let dueAtMs = 0;
  return (scheduled) => {
    if (scheduled < known) known = dueAtMs = 0;
    for (; known < scheduled; known++)
      dueAtMs += (-Math.log(1 - uniform(seed, known)) * 1000) / perSecond;
    return dueAtMs;
  };
}

/** The n-th number of a seed's sequence in [0, 1), without the ones before it (splitmix32's mixing). */
function uniform(seed: number, n: number): number {
  let bits = (Math.imul(seed, 0x85_eb_ca_6b) + Math.imul(n + 1, 0x9e_37_79_b9)) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21_f0_aa_ad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x73_5a_2d_97);
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
}
