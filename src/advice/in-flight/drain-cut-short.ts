import type { Cause } from "#advice/cause.ts";
import {
  EXIT_SEEN_WITHIN_MS,
  forcedExit,
  type Leaving,
  sigtermOrDeletionMs,
} from "#advice/leaving.ts";
import { slowestRequestMs } from "#advice/measured.ts";
import { countOf, evidenceOf, several, time } from "#advice/words.ts";
import { wasAtWork } from "./was-at-work.ts";

/** Answers and cuts of one moment may be seen a little apart. */
const ANSWERED_WITH_IT_MS = 300;

/** The program waits for its requests, but not long enough: a deadline of its own ends it first. */
export const drainCutShort: Cause = (clues) => {
  const { report, leavings, failures } = clues;
  const cut = failures.filter(
    ({ kind, leaving, endedAtMs }) =>
      (kind === "cut" || kind === "mid-response") &&
      leaving !== undefined &&
      forcedExit(leaving) === undefined &&
      endedAtExit(leaving, endedAtMs),
  );
  const [first] = cut;
  if (first?.leaving === undefined || !cut.some(wasAtWork)) return undefined;
  const pods = new Set(cut.map(({ leaving }) => leaving)).size;
  const waitedMs = Math.max(0, first.endedAtMs - sigtermOrDeletionMs(first.leaving));
  const grace = first.leaving.termination.gracePeriodSeconds;
  return {
    advice: {
      cause: "drain-cut-short",
      explanation:
        `${several(pods, "pod")} of ${leavings.length} exited by ${pods === 1 ? "itself" : "themselves"} ` +
        `${time(waitedMs)} after SIGTERM with ${countOf(cut, "request", clues)} still in flight, and ` +
        `did not use the ${grace} s of grace. The slowest answer takes ${time(slowestRequestMs(report))}.`,
      confidence: first.leaving.sigtermAtMs === undefined ? "possible" : "likely",
      evidence: evidenceOf(cut),
      fix:
        "Raise the program's own shutdown deadline above the slowest request, and keep it below what the " +
        "grace period leaves after preStop.",
    },
    explains: cut,
  };
};

function endedAtExit(leaving: Leaving, endedAtMs: number): boolean {
  const { exitedAtMs, lastAnswerAtMs = 0 } = leaving.termination;
  // Who goes on answering has not exited yet: what was cut before was cut by something else.
  if (lastAnswerAtMs > endedAtMs + ANSWERED_WITH_IT_MS) return false;
  if (exitedAtMs === undefined || endedAtMs < sigtermOrDeletionMs(leaving)) return false;
  return endedAtMs <= exitedAtMs + 100 && endedAtMs >= exitedAtMs - EXIT_SEEN_WITHIN_MS;
}
