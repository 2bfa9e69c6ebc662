import type { Cause } from "#advice/cause.ts";
import { several } from "#advice/words.ts";
import { findBroken } from "./broken-transactions.ts";

/** The client was told that all is done, and the ledger has none of it. */
export const losesAcknowledgedWrites: Cause = ({ report }) =>
  findBroken(report, "lost", (count) => ({
    cause: "loses-acknowledged-writes",
    explanation:
      `${several(count, "transaction")} had every step acknowledged and left nothing in the workload's ` +
      "ledger: the answer was sent before the write was safe, and the exit lost what was still in memory.",
    fix:
      "Answer only after the commit. If writes are buffered or queued, flush them on SIGTERM before the " +
      "exit, within the grace period.",
  }));
