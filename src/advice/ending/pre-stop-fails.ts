import type { Cause } from "#advice/cause.ts";
import { failedPreStop } from "#advice/leaving.ts";
import { sleepFirst } from "#advice/pre-stop.ts";
import { casesOf, countOf, several } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** The hook ended in an error, so nothing held SIGTERM back. */
export const preStopFails: Cause = (clues) => {
  const { report, leavings, failures } = clues;
  const failed = new Set(leavings.filter(({ lane }) => lane !== undefined && failedPreStop(lane)));
  if (failed.size === 0) return undefined;
  const refused = failures.filter(
    ({ kind, leaving }) => kind === "refused" && leaving !== undefined && failed.has(leaving),
  );
  const change = sleepFirst(clues);
  const harmless = refused.length === 0 && report.verdict !== "fail";
  return {
    advice: {
      cause: "pre-stop-fails",
      explanation:
        `The preStop hook of ${failed.size} of ${several(leavings.length, "pod")} failed ` +
        "(event FailedPreStopHook), and a failed hook does not hold SIGTERM back. " +
        `${countOf(refused, "new connection", clues)} were refused afterwards.`,
      confidence: "proven",
      evidence: casesOf(
        [...failed].map(({ termination }) => `${termination.pod}: FailedPreStopHook`),
      ),
      fix:
        "Most often the image has no sh or sleep, or the hook's own address is gone. Use the sleep action, " +
        "which needs nothing in the image.",
      ...(change !== undefined && { patch: writePatch(report.header.workload.kind, change) }),
      ...(harmless && { hint: true }),
    },
    explains: refused,
  };
};
