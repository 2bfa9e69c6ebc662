import type { Cause } from "#advice/cause.ts";
import { measurementOf } from "#advice/measured.ts";
import { casesOf, several } from "#advice/words.ts";

/** The workload's data breaks a rule that the scenario states for it, though no transaction need show it. */
export const breaksAuditCheck: Cause = ({ report }) => {
  const { value = 0, evidence } = measurementOf(report, "audit-violations") ?? {};
  if (value === 0 || evidence === undefined) return undefined;
  return {
    advice: {
      cause: "breaks-audit-check",
      explanation:
        `The workload's data breaks what the scenario states of it: ${several(evidence.total, "violation")}. ` +
        "Something was written by halves, done twice, or only in memory when a pod was told to stop.",
      confidence: "proven",
      evidence: casesOf(evidence.notes, evidence.total),
      fix:
        "Write what belongs together in one database transaction; take a message off its queue only together " +
        "with the result of its work; on SIGTERM finish or give back what the pod holds before it exits.",
    },
    explains: [],
  };
};
