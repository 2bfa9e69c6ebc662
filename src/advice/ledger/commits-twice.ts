import type { Cause } from "#advice/cause.ts";
import { several } from "#advice/words.ts";
import { findBroken } from "./broken-transactions.ts";

/** An effect is in the ledger more than once: the work was done again after an answer was lost. */
export const commitsTwice: Cause = ({ report }) =>
  findBroken(report, "duplicated", (count) => ({
    cause: "commits-twice",
    explanation:
      `${several(count, "transaction")} left an effect more than once in the workload's ledger: a step whose ` +
      "answer was lost was done again under the same key.",
    fix:
      "Store the idempotency key in the same database transaction as the effect, with a unique constraint, " +
      "and answer a repeated key with the stored result.",
  }));
