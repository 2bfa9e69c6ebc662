import type { Cause } from "./cause.ts";

/** The ledger has some effects of an acknowledged transaction and not the others. */
export const halfCommits: Cause = ({ transactions, results, ungated }) => {
  if (transactions.partial === 0) return undefined;
  const measured = [...results.map(({ measurement }) => measurement), ...ungated].find(
    ({ metric }) => metric === "transaction-completion-rate",
  );
  const example = measured?.evidence.notes.find((note) => note.includes(" is partial"));
  return {
    cause: "half-commits",
    explanation:
      `${transactions.partial} transactions were acknowledged or cut short with only part of their effects ` +
      `in the workload's ledger${example === undefined ? "" : ` (${example})`}.`,
    fix:
      "Write all effects of a step in one database transaction and answer only after the commit; on SIGTERM " +
      "finish open transactions before exiting.",
  };
};
