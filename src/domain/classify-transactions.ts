import type { LedgerEntry, Transaction, TransactionClass } from "./transaction.ts";

/** What the audit made of one key. A phantom has no transaction: nobody asked for it. */
export interface ClassifiedTransaction {
  readonly key: string;
  readonly class: TransactionClass;
  readonly transaction?: Transaction;
  readonly effects: Readonly<Record<string, number>>;
}

/**
 * Holds what the client was told against what the ledger of the workload says.
 *
 * The ledger decides what the client could not know: a transaction with a lost answer is `resolved`,
 * whether its effects are all there or it ends where the answer was lost.
 */
export function classifyTransactions(
  transactions: readonly Transaction[],
  ledger: readonly LedgerEntry[],
  effects: readonly string[],
): readonly ClassifiedTransaction[] {
  const entries = sumEntries(ledger);
  const known = transactions.map((transaction) => {
    const found = entries.get(transaction.key) ?? {};
    entries.delete(transaction.key);
    return {
      key: transaction.key,
      class: classOf(transaction, found, effects),
      transaction,
      effects: found,
    };
  });
  const phantoms = [...entries].map(([key, found]) => ({
    key,
    class: "phantom" as const,
    effects: found,
  }));
  return [...known, ...phantoms];
}

/** A key with two rows has the effects of both: that is what a doubled order looks like. */
function sumEntries(ledger: readonly LedgerEntry[]): Map<string, Record<string, number>> {
  const sums = new Map<string, Record<string, number>>();
  for (const { key, effects } of ledger) {
    const sum = sums.get(key) ?? {};
    sums.set(key, sum);
    for (const [effect, count] of Object.entries(effects)) sum[effect] = (sum[effect] ?? 0) + count;
  }
  return sums;
}

function classOf(
  transaction: Transaction,
  found: Readonly<Record<string, number>>,
  effects: readonly string[],
): TransactionClass {
  const counts = effects.map((effect) => found[effect] ?? 0);
  if (counts.some((count) => count > 1)) return "duplicated";
  const present = counts.filter((count) => count === 1).length;
  if (transaction.acknowledged) {
    if (present === counts.length) return "committed";
    return present === 0 ? "lost" : "partial";
  }
  if (!cutShortInOrder(transaction, counts)) return "partial";
  const unsure = transaction.steps.some(({ outcome }) => outcome === "indeterminate");
  return unsure ? "resolved" : "incomplete";
}

/**
 * Steps run in order, one effect each. A transaction cut short at step k may have the effects of the
 * steps before k, perhaps that of k itself (its answer was lost), and none after. Anything else is a
 * ledger that contradicts what the client was told.
 */
function cutShortInOrder({ steps }: Transaction, counts: readonly number[]): boolean {
  return steps.every(({ outcome }, index) => {
    const count = counts[index] ?? 0;
    if (outcome === "ok") return count === 1;
    if (outcome === "indeterminate") return true;
    return count === 0;
  });
}
