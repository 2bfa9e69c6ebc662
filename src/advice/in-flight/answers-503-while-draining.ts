import type { Cause } from "#advice/cause.ts";
import { happensAnyway } from "#advice/happens-anyway.ts";
import { sleepFirst } from "#advice/pre-stop.ts";
import { countOf, evidenceOf } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** The pod is still sent requests, and turns them away instead of answering them. */
export const answers503WhileDraining: Cause = (clues) => {
  const turned = clues.failures.filter(
    ({ kind, leaving, mark }) =>
      kind === "error-answer" && leaving !== undefined && (mark.status ?? 0) >= 500,
  );
  if (turned.length === 0 || happensAnyway(turned, clues)) return undefined;
  const named = turned.some(({ mark }) => mark.attribution === "proven");
  const statuses = [...new Set(turned.map(({ mark }) => mark.status))].toSorted();
  const change = sleepFirst(clues);
  return {
    advice: {
      cause: "answers-503-while-draining",
      explanation:
        `${countOf(turned, "request", clues)} got a complete answer with status ${statuses.join(", ")} from pods ` +
        "that had been told to stop. The data path and clients with kept connections go on sending for a " +
        "while, and Kubernetes does not need the refusal: it takes the endpoint away by itself.",
      confidence: named ? "proven" : "possible",
      evidence: evidenceOf(turned),
      fix:
        "Answer normally until the process exits. To send kept connections elsewhere add `Connection: close` " +
        "to the answers; only the readiness probe may say 503.",
      ...(change !== undefined && {
        patch: writePatch(clues.report.header.workload.kind, change),
      }),
    },
    explains: turned,
  };
};
