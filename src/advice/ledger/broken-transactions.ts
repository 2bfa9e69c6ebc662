import type { Finding } from "#advice/cause.ts";
import { measurementOf } from "#advice/measured.ts";
import { casesOf } from "#advice/words.ts";
import type { Advice, Report } from "#domain/report.ts";
import type { TransactionClass } from "#domain/transaction.ts";

/** The audit is exact: a transaction of this class is proof, and the notes of the audit are the evidence. */
export function findBroken(
  report: Report,
  found: TransactionClass,
  describe: (count: number) => Pick<Advice, "cause" | "explanation" | "fix">,
): Finding | undefined {
  const count = report.transactions[found];
  if (count === 0) return undefined;
  const notes = measurementOf(report, "transaction-completion-rate")?.evidence.notes ?? [];
  const evidence = casesOf(
    notes.filter((note) => note.includes(` is ${found}`)),
    count,
  );
  return { advice: { ...describe(count), confidence: "proven", evidence }, explains: [] };
}
