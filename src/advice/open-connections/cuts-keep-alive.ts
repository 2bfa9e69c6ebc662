import type { Cause } from "#advice/cause.ts";
import { sigtermOrDeletionMs } from "#advice/leaving.ts";
import { countOf, evidenceOf, several, time } from "#advice/words.ts";

/** At its shutdown the server closes kept connections on which a request is under way. */
export const cutsKeepAlive: Cause = (clues) => {
  const lost = clues.failures.filter(
    ({ kind, leaving }) => (kind === "kept-lost" || kind === "cut") && leaving !== undefined,
  );
  if (lost.length === 0) return undefined;
  const pods = new Set(lost.map(({ leaving }) => leaving)).size;
  const known = lost.some(
    ({ mark }) => mark.attribution !== "unknown" && mark.attribution !== "inferred",
  );
  const after = lost.map(({ leaving, endedAtMs }) =>
    leaving === undefined ? 0 : endedAtMs - sigtermOrDeletionMs(leaving),
  );
  return {
    advice: {
      cause: "cuts-keep-alive",
      explanation:
        `${countOf(lost, "request", clues)} on connections that ${several(pods, "pod")} had kept open were lost ` +
        `when it closed them, up to ${time(Math.max(0, ...after))} after SIGTERM. A client that reuses a ` +
        "connection cannot see the close coming unless it was told.",
      confidence: known ? "proven" : "likely",
      evidence: evidenceOf(lost),
      fix:
        "When draining begins, add `Connection: close` to every answer, so that clients leave by themselves; " +
        "close a connection that stays silent only after a few seconds (or send GOAWAY over HTTP/2), and never " +
        "one with a request on it.",
    },
    explains: lost,
  };
};
