import { type ClassifiedTransaction, classifyTransactions } from "#domain/classify-transactions.ts";
import { upperBound } from "#domain/confidence.ts";
import { overlapsAny } from "#domain/exposure-windows.ts";
import type { Measurement } from "#domain/measurement.ts";
import type { TransactionClass } from "#domain/transaction.ts";
import { outcomesOf } from "./audit-violations.ts";
import type { Checker } from "./checker.ts";
import { EvidenceList } from "./evidence-list.ts";
import { partAt, type RunFacts } from "./run-facts.ts";
import { cameWhileWell, whileWell } from "./starved-machine.ts";

/** The classes in which the ledger agrees with everything that the client was told. */
const UNDAMAGED: ReadonlySet<TransactionClass> = new Set(["committed", "resolved", "incomplete"]);

/**
 * Did every transaction that met a leaving pod reach its last step, with the state that the ledger demands?
 *
 * The rate is taken over those that met one: a long healthy run would dilute the rest. A ledger that is
 * wrong counts wherever it happened; a transaction that merely broke off elsewhere is background, and
 * one that our own stop cut short says nothing.
 */
export const transactionCompletionRate: Checker = (facts) => ({
  finish: () => measure(facts),
});

/** The ledger contradicts what the client was told: no failed request explains that. */
export function isDamage(found: TransactionClass): boolean {
  return !UNDAMAGED.has(found);
}

/** Every transaction with its class; undefined when the ledger could not be read or none was offered. */
export function classifiedOf({ history }: RunFacts): readonly ClassifiedTransaction[] | undefined {
  const { audit } = history;
  if (audit?.type !== "read") return undefined;
  const effects = history.header.load.flatMap((stream) =>
    stream.type === "transactions" ? stream.effects : [],
  );
  return classifyTransactions(history.transactions, audit.entries, effects);
}

function measure(facts: RunFacts): Measurement {
  const { history } = facts;
  const evidence = new EvidenceList();
  const base = { metric: "transaction-completion-rate" } as const;
  const classified = classifiedOf(facts);
  if (classified === undefined || history.transactions.length === 0) {
    const summary = whyUnmeasured(facts);
    return { ...base, summary, sample: 0, doubts: [], evidence: evidence.toEvidence() };
  }
  const cut = classified.filter((each) => isCutByStop(each, facts));
  const counted = classified.filter((each) => !cut.includes(each) && isAsked(each, facts));
  for (const { key, class: found, effects } of inTurns(counted))
    evidence.note(`${key} is ${found}: ${describeEffects(effects)}`);
  const tried = counted.length;
  if (tried === 0) {
    const summary = "No transaction met a terminating pod.";
    return { ...base, summary, sample: 0, doubts: [], evidence: evidence.toEvidence() };
  }
  const counts = countClasses(counted);
  const boundOn = { of: "transactions", failures: tried - counts.committed, tried };
  return {
    ...base,
    value: counts.committed / tried,
    ...whileWell(facts.starvation, rateWhileWell(counted, facts)),
    bound: 1 - upperBound(boundOn.failures, tried, facts.confidence),
    boundOn,
    counts: [boundOn],
    sample: tried,
    summary: describeCounts(counts, tried),
    doubts: [
      ...doubtsOf(cut.filter((each) => metLeavingPod(each, facts)).length),
      ...brokenChecks(facts),
    ],
    evidence: evidence.toEvidence(),
  };
}

/** Of those alone of which nothing fell into the starved time. */
function rateWhileWell(
  counted: readonly ClassifiedTransaction[],
  { starvation }: RunFacts,
): readonly number[] {
  const well = counted.filter(({ transaction }) => {
    if (transaction === undefined) return true;
    return cameWhileWell(starvation, transaction.startedAtMs, transaction.endedAtMs);
  });
  return well.length === 0 ? [] : [countClasses(well).committed / well.length];
}

/** Those that did not commit, one of each class after the other: evidence is cut, and no class may go missing. */
function inTurns(counted: readonly ClassifiedTransaction[]): readonly ClassifiedTransaction[] {
  const broken = counted.filter((each) => each.class !== "committed");
  const groups = Object.values(Object.groupBy(broken, (each) => each.class));
  return groups
    .flatMap((group = []) => group.map((each, turn) => ({ each, turn })))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ each }) => each);
}

function isAsked(each: ClassifiedTransaction, facts: RunFacts): boolean {
  return isDamage(each.class) || metLeavingPod(each, facts);
}

function metLeavingPod({ transaction }: ClassifiedTransaction, { exposed }: RunFacts): boolean {
  if (transaction === undefined) return false;
  return overlapsAny(exposed, transaction.startedAtMs, transaction.endedAtMs);
}

/** It was going well when the load ended, and its end lies after that. */
function isCutByStop(
  { class: found, transaction }: ClassifiedTransaction,
  facts: RunFacts,
): boolean {
  if (transaction === undefined || found === "committed" || isDamage(found)) return false;
  const untilMs = facts.parts[partAt(facts.parts, transaction.startedAtMs)]?.load.untilMs;
  return (
    untilMs !== undefined &&
    transaction.endedAtMs > untilMs &&
    transaction.steps.every(({ outcome }) => outcome !== "failed")
  );
}

function doubtsOf(cut: number): readonly string[] {
  return cut === 0
    ? []
    : [
        `${cut} transactions that met a leaving pod were cut short by the end of the load; drain longer.`,
      ];
}

/** Money that is missing belongs to some transaction, though none can be named. */
function brokenChecks(facts: RunFacts): readonly string[] {
  const [first] = (outcomesOf(facts) ?? []).flatMap(({ breaches }) => breaches);
  return first === undefined ? [] : [`The workload's data breaks a check of its own: ${first}`];
}

function whyUnmeasured({ history }: RunFacts): string {
  if (!history.header.load.some(({ type }) => type === "transactions")) {
    return "The load has no transactions stream.";
  }
  if (history.transactions.length === 0) return "No transaction was started.";
  return history.audit?.type === "unreadable"
    ? `The workload's ledger could not be read: ${history.audit.reason}`
    : "The workload's ledger was not read.";
}

/** How many transactions fell into each class. */
export function countClasses(
  classified: readonly ClassifiedTransaction[],
): Readonly<Record<TransactionClass, number>> {
  const counts = {
    committed: 0,
    resolved: 0,
    incomplete: 0,
    lost: 0,
    partial: 0,
    duplicated: 0,
    phantom: 0,
  };
  for (const { class: found } of classified) counts[found] += 1;
  return counts;
}

function describeCounts(counts: Readonly<Record<TransactionClass, number>>, tried: number): string {
  const others = Object.entries(counts)
    .filter(([name, count]) => name !== "committed" && count > 0)
    .map(([name, count]) => `, ${count} ${name}`);
  return `${counts.committed} of ${tried} transactions committed${others.join("")}`;
}

function describeEffects(effects: Readonly<Record<string, number>>): string {
  const found = Object.entries(effects).map(([effect, count]) => `${effect} × ${count}`);
  return found.length === 0 ? "not in the ledger" : found.join(", ");
}
