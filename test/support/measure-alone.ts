import type { Checker } from "#checkers/checker.ts";
import { gatherFacts } from "#checkers/run-facts.ts";
import type { History } from "#domain/history.ts";
import type { Measurement } from "#domain/measurement.ts";

/** Runs one checker over a written-out history. */
export function measureAlone(checker: Checker, history: History): Measurement {
  const fold = checker(gatherFacts(history));
  for (const exchange of history.exchanges) fold.see?.(exchange);
  return fold.finish();
}
