import type { Checker } from "#checkers/checker.ts";
import { gatherFacts } from "#checkers/run-facts.ts";
import { Sightings } from "#checkers/sightings.ts";
import type { History } from "#domain/history.ts";
import type { Measurement } from "#domain/measurement.ts";

/** Runs one checker over a written-out history. */
export function measureAlone(checker: Checker, history: History): Measurement {
  const facts = gatherFacts(history);
  const sightings = new Sightings(facts);
  const fold = checker(facts, sightings);
  for (const exchange of history.exchanges) {
    sightings.see(exchange);
    fold.see?.(exchange);
  }
  return fold.finish();
}
