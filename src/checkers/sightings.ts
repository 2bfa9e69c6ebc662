import type { Exchange } from "#domain/exchange.ts";
import { Attributor } from "./attribution.ts";
import { PodArrivals } from "./pod-arrivals.ts";
import type { RunFacts } from "./run-facts.ts";
import { SuccessGaps } from "./success-gaps.ts";
import { Vantages } from "./vantages.ts";

/**
 * What several questions want to know of the exchanges, collected once for all of them. It is complete
 * when the pass over the exchanges is: read it in `finish`, not in `see`.
 */
export class Sightings {
  readonly arrivals: PodArrivals;
  readonly gaps: SuccessGaps;
  readonly attributor: Attributor;
  readonly vantages: Vantages;

  constructor(facts: RunFacts) {
    this.arrivals = new PodArrivals(facts);
    this.gaps = new SuccessGaps(facts);
    this.attributor = new Attributor(facts);
    this.vantages = new Vantages(facts);
  }

  see(exchange: Exchange): void {
    this.attributor.see(exchange);
    this.vantages.see(exchange);
    this.arrivals.see(exchange, this.#ledTo(exchange), this.vantages.of(exchange));
    this.gaps.see(exchange);
  }

  /** Where no answer names its pod, the data path may know to whom the connection went. */
  #ledTo(exchange: Exchange): string | undefined {
    const { servedBy, outcome } = exchange;
    if (servedBy !== undefined || outcome.type === "undelivered") return;
    return this.attributor.ledTo(exchange);
  }
}
