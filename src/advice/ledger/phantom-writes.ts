import type { Cause } from "#advice/cause.ts";
import { several } from "#advice/words.ts";
import { findBroken } from "./broken-transactions.ts";

/** The ledger has transactions that nobody asked for. */
export const phantomWrites: Cause = ({ report }) =>
  findBroken(report, "phantom", (count) => ({
    cause: "phantom-writes",
    explanation:
      `${several(count, "transaction")} in the workload's ledger ${count === 1 ? "has a key" : "have keys"} ` +
      "that no client sent in this run: a key was made up or damaged, or somebody else writes there.",
    fix:
      "Keep the client's key through every retry and queue, and test against a ledger that nothing else " +
      "writes to.",
  }));
