import type { Exchange } from "#domain/exchange.ts";
import { PodArrivals } from "./pod-arrivals.ts";
import type { RunFacts } from "./run-facts.ts";
import { SuccessGaps } from "./success-gaps.ts";

/**
 * What several questions want to know of the exchanges, collected once for all of them. It is complete
 * when the pass over the exchanges is: read it in `finish`, not in `see`.
 */
export class Sightings {
  readonly arrivals: PodArrivals;
  readonly gaps: SuccessGaps;

  constructor(facts: RunFacts) {
    this.arrivals = new PodArrivals(facts);
    this.gaps = new SuccessGaps(facts);
  }

  see(exchange: Exchange): void {
    this.arrivals.see(exchange);
    this.gaps.see(exchange);
  }
}
