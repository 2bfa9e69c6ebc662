import type { Cause } from "#advice/cause.ts";
import { dataPathDelay, describeDelay, sleepFirst } from "#advice/pre-stop.ts";
import { countOf, evidenceOf } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** A refusal this little before the end of the sleep may well have followed it. */
const SLACK_MS = 250;

/** The pods slept in preStop, and the data path took longer than that to forget them. */
export const preStopTooShort: Cause = (clues) => {
  const refused = clues.failures.filter(({ kind, leaving, sentAtMs }) => {
    if (kind !== "refused" || leaving === undefined) return false;
    const { preStopSleepSeconds = 0, deletionRequestedAtMs } = leaving.termination;
    const sleepMs = preStopSleepSeconds * 1000;
    return sleepMs > 0 && sentAtMs - deletionRequestedAtMs > sleepMs - SLACK_MS;
  });
  const slept = refused[0]?.leaving?.termination.preStopSleepSeconds;
  if (slept === undefined) return undefined;
  const delay = dataPathDelay(clues);
  const change = sleepFirst(clues);
  return {
    advice: {
      cause: "pre-stop-too-short",
      explanation:
        `${countOf(refused, "new connection", clues)} found nobody after a preStop sleep of ${slept} s: ` +
        `${describeDelay(delay, clues)}.`,
      confidence: "likely",
      evidence: evidenceOf(refused),
      fix: `Raise the preStop sleep from ${slept} s to ${delay.sleepSeconds} s.`,
      ...(change !== undefined && { patch: writePatch(clues.report.header.workload.kind, change) }),
    },
    explains: refused,
  };
};
