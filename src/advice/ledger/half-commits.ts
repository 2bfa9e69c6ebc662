import type { Cause } from "#advice/cause.ts";
import { several } from "#advice/words.ts";
import { findBroken } from "./broken-transactions.ts";

/** The ledger has some effects of a transaction and not those that the client was told of. */
export const halfCommits: Cause = ({ report }) =>
  findBroken(report, "partial", (count) => ({
    cause: "half-commits",
    explanation:
      `${several(count, "transaction")} left only part of the effects in the workload's ledger that the ` +
      "client was told of: a step was interrupted between two writes, or answered without the second.",
    fix:
      "Write all effects of a step in one database transaction and answer only after the commit; on SIGTERM " +
      "finish open transactions before exiting.",
  }));
