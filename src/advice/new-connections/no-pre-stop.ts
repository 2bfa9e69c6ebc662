import type { Cause } from "#advice/cause.ts";
import type { Failure } from "#advice/failure.ts";
import type { Leaving } from "#advice/leaving.ts";
import { dataPathDelay, describeDelay, sleepFirst } from "#advice/pre-stop.ts";
import { countOf, evidenceOf, several } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** Later than real clusters take when nothing holds them up; then the delay is what needs an answer. */
const SLOW_MS = 700;

/** SIGTERM came at once, and the program was gone before the data path had forgotten the pod. */
export const noPreStop: Cause = (clues) => {
  const refused = clues.failures.filter(
    ({ kind, leaving }) => kind === "refused" && leaving !== undefined && !hasHook(leaving),
  );
  const slow = refused.some((failure) => sinceDeletionMs(failure) > SLOW_MS);
  if (refused.length === 0 || !(slow || refused.every(cameAfterExit))) return undefined;
  const pods = clues.leavings.filter((leaving) => !hasHook(leaving)).length;
  const delay = dataPathDelay(clues);
  const change = sleepFirst(clues);
  return {
    advice: {
      cause: "no-pre-stop",
      explanation:
        `${countOf(refused, "new connection", clues)} found nobody: ${describeDelay(delay, clues)}, and ` +
        `${several(pods, "pod")} of ${clues.leavings.length} had no preStop hook, so that SIGTERM came at once. ` +
        "Deletion and deregistration are not ordered.",
      confidence: "likely",
      evidence: evidenceOf(refused),
      fix: `Sleep ${delay.sleepSeconds} s in preStop, so that the pod serves until the data path has forgotten it.`,
      ...(change !== undefined && { patch: writePatch(clues.report.header.workload.kind, change) }),
    },
    explains: refused,
  };
};

function hasHook({ setup, termination }: Leaving): boolean {
  return (
    termination.preStopSleepSeconds !== undefined ||
    (setup?.containers.some(({ preStop }) => preStop !== undefined) ?? false)
  );
}

function sinceDeletionMs({ leaving, sentAtMs }: Failure): number {
  return leaving === undefined ? 0 : sentAtMs - leaving.termination.deletionRequestedAtMs;
}

function cameAfterExit({ leaving, endedAtMs }: Failure): boolean {
  const exitedAtMs = leaving?.termination.exitedAtMs;
  return exitedAtMs !== undefined && endedAtMs > exitedAtMs;
}
