import type { Exchange } from "#domain/exchange.ts";
import type { Measurement } from "#domain/measurement.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Sightings } from "./sightings.ts";

/**
 * One question about a history. All checkers see the exchanges in a single pass, so a history of many
 * millions is read once; whatever a checker wants to keep it must bound.
 */
export type Checker = (facts: RunFacts, sightings: Sightings) => Fold;

/** A checker at work on one history: `finish` is called once, after every exchange was seen. */
export interface Fold {
  /** Left out by a checker that needs only what the cluster said. */
  see?(exchange: Exchange): void;
  finish(): Measurement;
}

/** How many exchanges or notes of evidence a measurement carries; the total is always counted in full. */
export const EVIDENCE_LIMIT = 50;
