import type { Cause } from "#advice/cause.ts";
import { happensAnyway } from "#advice/happens-anyway.ts";
import { findLateStarters, findNewPods } from "#advice/starting-pods.ts";
import { countOf, evidenceOf, several, time } from "#advice/words.ts";

/** A new pod was called ready, and sent requests, before it could answer. */
export const slowStart: Cause = (clues) => {
  const { report, failures } = clues;
  const early = failures.filter(({ startingPod }) => startingPod !== undefined);
  if (early.length === 0 || happensAnyway(early, clues)) return undefined;
  const names = new Set(early.map(({ startingPod }) => startingPod));
  const met = findNewPods(report).filter(({ lane }) => names.has(lane.pod));
  const late = findLateStarters(report).filter(({ lane }) => names.has(lane.pod));
  const unprobed = met.some(({ hasReadinessProbe }) => hasReadinessProbe === false);
  const waits = late.map(({ firstAnswerAtMs, readyAtMs }) => firstAnswerAtMs - readyAtMs);
  const worstMs = Math.max(0, ...waits.filter(Number.isFinite));
  return {
    advice: {
      cause: "slow-start",
      explanation:
        `${countOf(early, "request", clues)} failed at ${several(names.size, "new pod")} that ` +
        `${names.size === 1 ? "was" : "were"} listed as ready` +
        `${worstMs === 0 ? "" : `; the first answer came up to ${time(worstMs)} later`}. ` +
        (unprobed
          ? "The container has no readiness probe, so it counts as ready as soon as it runs."
          : "The readiness probe says yes before the program can serve."),
      confidence: unprobed ? "proven" : "likely",
      evidence: evidenceOf(early),
      fix:
        "Add a readiness probe that asks for what the requests need (the listener, the database, a warm " +
        "cache), and a startupProbe if the start is long.",
    },
    explains: early,
  };
};
