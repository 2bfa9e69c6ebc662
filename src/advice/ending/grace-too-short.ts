import type { Cause } from "#advice/cause.ts";
import type { ForcedKill } from "#advice/forced-kill.ts";
import { sigtermOrDeletionMs } from "#advice/leaving.ts";
import { slowestRequestMs } from "#advice/measured.ts";
import { countOf, evidenceOf, several, time } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** It drained, and what it waited for took longer than the grace that was left after preStop. */
export const graceTooShort: Cause = (clues) => {
  const { report } = clues;
  const kills = clues.kills.filter(
    ({ tooLong, servedLateAtMs }) => tooLong.length > 0 && servedLateAtMs === undefined,
  );
  const [first] = kills;
  if (first === undefined || wouldNotEnd(clues.kills)) return undefined;
  const { leaving } = first;
  const cut = kills.flatMap(({ tooLong }) => tooLong);
  const livedMs = Math.max(...cut.map(({ sentAtMs, endedAtMs }) => endedAtMs - sentAtMs));
  const preStopMs = sigtermOrDeletionMs(leaving) - leaving.termination.deletionRequestedAtMs;
  const longestMs = Math.max(livedMs, slowestRequestMs(report));
  const grace = leaving.termination.gracePeriodSeconds;
  return {
    advice: {
      cause: "grace-too-short",
      explanation:
        `${countOf(cut, "request", clues)} sent before SIGTERM were still in flight when the ${grace} s of ` +
        `grace were over, and died with ${several(kills.length, "pod")}: the longest had taken ${time(livedMs)} ` +
        `until then, and ${time(grace * 1000 - preStopMs)} of the grace were left after preStop.`,
      confidence: "proven",
      evidence: evidenceOf(cut),
      fix: "Make the grace period longer than preStop and the longest request together, with room.",
      patch: writePatch(report.header.workload.kind, {
        graceSeconds: Math.ceil((preStopMs + longestMs * 1.5) / 1000) + 2,
      }),
    },
    explains: kills.flatMap(({ lost }) => lost),
    kills,
  };
};

/**
 * Who is killed with nothing to wait for does not end by itself, and would spend a longer grace as well. Where
 * nobody knows which pod a request was at, the others may have had some too.
 */
function wouldNotEnd(kills: readonly ForcedKill[]): boolean {
  const idle = kills.filter(({ tooLong }) => tooLong.length === 0).length;
  const isKnown = kills.every(({ tooLong }) =>
    tooLong.every(({ mark: { attribution } }) => attribution === "proven"),
  );
  return isKnown && 2 * idle >= kills.length;
}
