import type { Cause } from "#advice/cause.ts";
import { countOf, evidenceOf } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** There was nobody else to send the requests to. */
export const singleReplica: Cause = (clues) => {
  const { report, failures } = clues;
  if (report.workload === undefined || report.workload.desired > 1) return undefined;
  const alone = failures.filter(({ kind }) => kind === "nobody-ready");
  if (alone.length === 0) return undefined;
  const { kind, name } = report.header.workload;
  return {
    advice: {
      cause: "single-replica",
      explanation:
        `${kind} ${name} has 1 replica: while it was replaced no endpoint was ready, and ` +
        `${countOf(alone, "new connection", clues)} found nobody.`,
      confidence: "proven",
      evidence: evidenceOf(alone),
      fix:
        "Run at least two replicas, with maxUnavailable 0 so that the new pod is ready before the old one " +
        "leaves, and a PodDisruptionBudget for drains of the node.",
      // A DaemonSet has as many pods as nodes.
      ...(kind !== "DaemonSet" && { patch: writePatch(kind, { replicas: 2 }) }),
    },
    explains: alone,
  };
};
