import type { Cause } from "#advice/cause.ts";
import { feltFromMs, type Leaving, sigtermOrDeletionMs } from "#advice/leaving.ts";
import { casesOf, several, time } from "#advice/words.ts";
import type { HeldConnection } from "#domain/held-connection.ts";

/** A connection that ended this much before its pod was seen to exit did not end by that exit. */
const BEFORE_EXIT_MS = 300;

/** At its shutdown the server drops its long-lived connections, instead of telling their clients to go. */
export const cutsWebsockets: Cause = (clues) => {
  const { report, leavings, failures } = clues;
  const cut = (report.connections ?? []).flatMap((held) => {
    const leaving = leavings.find((each) => wasCutBy(each, held));
    return leaving === undefined ? [] : [{ held, leaving }];
  });
  if (cut.length === 0) return undefined;
  const pods = new Set(cut.map(({ leaving }) => leaving)).size;
  const after = cut.map(({ held, leaving }) => held.endedAtMs - sigtermOrDeletionMs(leaving));
  const ids = new Set(cut.map(({ held }) => `${held.connectionId} ${held.stream}`));
  const lost = failures.filter(
    ({ mark: { exchange, stream } }) =>
      exchange !== undefined && ids.has(`${exchange.connectionId} ${stream}`),
  );
  return {
    advice: {
      cause: "cuts-websockets",
      explanation:
        `${several(cut.length, "long-lived connection")} of ${several(pods, "pod")} ended without a close frame that ` +
        `says why, up to ${time(Math.max(0, ...after))} after SIGTERM and before the exit; ` +
        `${several(lost.length, "message")} on them had no answer.`,
      confidence: "proven",
      evidence: casesOf(
        cut.slice(0, 3).map(({ held }) => describe(held)),
        cut.length,
      ),
      fix:
        "When draining begins, close each WebSocket with code 1001 (going away), best right after an answer, and " +
        "wait for the client's close frame before the process ends.",
    },
    explains: lost,
  };
};

function wasCutBy(leaving: Leaving, { pod, end, endedAtMs }: HeldConnection): boolean {
  const { termination } = leaving;
  const exitedAtMs = termination.exitedAtMs ?? Number.POSITIVE_INFINITY;
  return (
    end.type === "cut" &&
    termination.pod === pod &&
    endedAtMs >= feltFromMs(leaving) &&
    endedAtMs < exitedAtMs - BEFORE_EXIT_MS
  );
}

function describe({ stream, pod, endedAtMs }: HeldConnection): string {
  return `${stream} to ${pod}: cut at ${(endedAtMs / 1000).toFixed(2)} s`;
}
