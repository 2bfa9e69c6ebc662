import type { Result } from "#domain/report.ts";
import { keeps } from "#domain/threshold.ts";
import { outcomesOf } from "./audit-violations.ts";
import type { RunFacts } from "./run-facts.ts";
import { classifiedOf, isDamage } from "./transaction-completion-rate.ts";

/**
 * Why the promises that were broken prove nothing; undefined where they do, and where none was broken.
 *
 * A starved machine makes nobody fail, and whoever kept all promises on one has kept them. Nor is a promise
 * excused that is broken by what came while the machine was well. And no machine writes into a ledger: a
 * run whose data is damaged is excused by nothing, whatever was promised.
 */
export function findExcuse(results: readonly Result[], facts: RunFacts): string | undefined {
  const { starvation } = facts;
  const broken = results.filter(({ verdict }) => verdict === "fail");
  if (starvation === undefined || broken.length === 0) return undefined;
  if (!broken.every(mayBeTheMachine)) return undefined;
  if (isDataDamaged(facts)) return undefined;
  return (
    `${starvation.summary} What failed may have failed by that: ` +
    "run fewer things beside it, use --repeat, or a machine of its own."
  );
}

/** What has no moment, as what the audit and the leaks say, is the workload's own doing however slow the machine. */
function mayBeTheMachine({ threshold, measurement }: Result): boolean {
  const { whileWell } = measurement;
  return whileWell?.every((value) => keeps(threshold, value)) ?? false;
}

/** Transactions that the ledger contradicts, or a rule of the data that is broken. */
export function isDataDamaged(facts: RunFacts): boolean {
  const damaged = (classifiedOf(facts) ?? []).some((each) => isDamage(each.class));
  return damaged || (outcomesOf(facts) ?? []).some(({ breaches }) => breaches.length > 0);
}
