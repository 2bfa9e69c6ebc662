import type { Result } from "#domain/report.ts";
import { outcomesOf } from "./audit-violations.ts";
import type { RunFacts } from "./run-facts.ts";
import { isExcusable, whyStarved } from "./starved-machine.ts";
import { classifiedOf, isDamage } from "./transaction-completion-rate.ts";

/**
 * Why the promises that were broken prove nothing; undefined where they do, and where none was broken.
 *
 * A starved machine makes nobody fail, and whoever kept all promises on one has kept them. But it writes
 * into no ledger: a run whose data is damaged is excused by nothing, whatever was promised.
 */
export function findExcuse(results: readonly Result[], facts: RunFacts): string | undefined {
  const broken = results.filter(({ verdict }) => verdict === "fail");
  if (broken.length === 0 || !broken.every(({ threshold }) => isExcusable(threshold.metric))) {
    return undefined;
  }
  const excuse = whyStarved(facts, broken);
  return excuse !== undefined && isDataDamaged(facts) ? undefined : excuse;
}

function isDataDamaged(facts: RunFacts): boolean {
  const damaged = (classifiedOf(facts) ?? []).some((each) => isDamage(each.class));
  return damaged || (outcomesOf(facts) ?? []).some(({ breaches }) => breaches.length > 0);
}
