import type { Cause } from "#advice/cause.ts";
import type { Failure } from "#advice/failure.ts";
import { dataPathDelay, describeDelay, sleepFirst } from "#advice/pre-stop.ts";
import { countOf, evidenceOf, several } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** The listener closes while the data path still sends new connections to the pod. */
export const closesListenerEarly: Cause = (clues) => {
  const refused = clues.failures.filter(
    ({ kind, leaving }) => kind === "refused" && leaving !== undefined,
  );
  if (refused.length === 0) return undefined;
  const withoutHook = clues.leavings.filter(
    ({ termination }) => !termination.preStopSleepSeconds,
  ).length;
  const alive = refused.filter(stillRan).length;
  const change = sleepFirst(clues);
  return {
    advice: {
      cause: "closes-listener-early",
      explanation:
        `${countOf(refused, "new connection", clues)} were refused or reset by pods that had been told to stop ` +
        `while the data path still listed them (${describeDelay(dataPathDelay(clues), clues)}), ${alive} of them ` +
        `while the process was still running. ${withoutHook} of ${several(clues.leavings.length, "pod")} had no ` +
        "preStop sleep: deletion and deregistration are not ordered.",
      confidence: alive > 0 ? "likely" : "possible",
      evidence: evidenceOf(refused),
      fix: "Keep listening until the data path has forgotten the pod: sleep in preStop, then close.",
      ...(change !== undefined && { patch: writePatch(clues.report.header.workload.kind, change) }),
    },
    explains: refused,
  };
};

function stillRan({ leaving, endedAtMs }: Failure): boolean {
  return endedAtMs <= (leaving?.termination.exitedAtMs ?? Number.POSITIVE_INFINITY);
}
