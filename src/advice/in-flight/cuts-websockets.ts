import type { Cause } from "#advice/cause.ts";
import { wasDroppedBy } from "#advice/dropped-connections.ts";
import type { ForcedKill } from "#advice/forced-kill.ts";
import { sigtermOrDeletionMs } from "#advice/leaving.ts";
import { casesOf, several, time } from "#advice/words.ts";
import type { HeldConnection } from "#domain/held-connection.ts";

/** At its shutdown the server drops its long-lived connections, instead of telling their clients to go. */
export const cutsWebsockets: Cause = (clues) => {
  const { report, leavings, failures } = clues;
  const cut = (report.connections ?? []).flatMap((held) => {
    const leaving = leavings.find((each) => wasDroppedBy(each, held));
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
  const killed = clues.kills.filter(({ droppedConnections }) => droppedConnections);
  return {
    advice: {
      cause: "cuts-websockets",
      explanation:
        `${several(cut.length, "long-lived connection")} of ${several(pods, "pod")} ended without a close frame that ` +
        `says why, up to ${time(Math.max(0, ...after))} after SIGTERM and before the exit; ` +
        `${several(lost.length, "message")} on them had no answer.${describeKills(killed)}`,
      confidence: "proven",
      evidence: casesOf(
        cut.slice(0, 3).map(({ held }) => describe(held)),
        cut.length,
      ),
      fix:
        "When draining begins, close each WebSocket with code 1001 (going away), best right after an answer, and " +
        "wait for the client's close frame before the process ends.",
    },
    explains: [...lost, ...killed.flatMap((kill) => kill.lost)],
    kills: killed,
  };
};

/** Who drops its clients and is still an endpoint somewhere has them back at once, and they keep it alive. */
function describeKills(kills: readonly ForcedKill[]): string {
  return kills.length === 0
    ? ""
    : ` Clients came back to ${several(kills.length, "pod")}, which was then killed when its grace was over.`;
}

function describe({ stream, pod, endedAtMs }: HeldConnection): string {
  return `${stream} to ${pod}: cut at ${(endedAtMs / 1000).toFixed(2)} s`;
}
