import type { Cause } from "#advice/cause.ts";
import { breaksAuditCheck } from "./breaks-audit-check.ts";
import { commitsTwice } from "./commits-twice.ts";
import { halfCommits } from "./half-commits.ts";
import { losesAcknowledgedWrites } from "./loses-acknowledged-writes.ts";
import { phantomWrites } from "./phantom-writes.ts";

/** What the ledger of the workload contradicts: proof, whatever else went wrong. */
export const LEDGER_CAUSES: readonly Cause[] = [
  losesAcknowledgedWrites,
  halfCommits,
  commitsTwice,
  phantomWrites,
  breaksAuditCheck,
];
