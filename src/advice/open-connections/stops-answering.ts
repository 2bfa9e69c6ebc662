import type { Cause } from "#advice/cause.ts";
import { happensAnyway } from "#advice/happens-anyway.ts";
import { countOf, evidenceOf, several, time } from "#advice/words.ts";

/** A leaving pod took requests and never answered them. */
export const stopsAnswering: Cause = (clues) => {
  const silent = clues.failures.filter(
    ({ kind, leaving }) => kind === "silent" && leaving !== undefined,
  );
  if (silent.length === 0 || happensAnyway(silent, clues)) return undefined;
  const pods = new Set(silent.map(({ leaving }) => leaving)).size;
  const worstMs = Math.max(...silent.map(({ sentAtMs, endedAtMs }) => endedAtMs - sentAtMs));
  const named = silent.some(
    ({ mark }) => mark.attribution !== "unknown" && mark.attribution !== "inferred",
  );
  return {
    advice: {
      cause: "stops-answering",
      explanation:
        `${countOf(silent, "request", clues)} got no answer within the time-out (up to ${time(worstMs)}) while ` +
        `${several(pods, "pod")} ${pods === 1 ? "was" : "were"} leaving: the connection was taken, and nothing ` +
        "came back.",
      confidence: named ? "likely" : "possible",
      evidence: evidenceOf(silent),
      fix:
        "Shut down from the outside in: first the listener, then the requests in flight, and only then what " +
        "they need (database pool, queue, workers).",
    },
    explains: silent,
  };
};
