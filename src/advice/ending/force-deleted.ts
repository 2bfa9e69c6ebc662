import type { Cause } from "#advice/cause.ts";
import type { Leaving } from "#advice/leaving.ts";
import { countOf, evidenceOf, several } from "#advice/words.ts";

/** Whoever deleted the pods took their grace away; no program could have drained in what was left. */
export const forceDeleted: Cause = (clues) => {
  const { leavings, failures } = clues;
  const hurried = new Set(leavings.filter(wasHurried));
  const [first] = hurried;
  const lost = failures.filter(({ leaving }) => leaving !== undefined && hurried.has(leaving));
  const kills = clues.kills.filter(({ leaving }) => hurried.has(leaving));
  if (first === undefined || lost.length + kills.length === 0) return undefined;
  const { gracePeriodSeconds } = first.termination;
  const own = first.setup?.graceSeconds;
  return {
    advice: {
      cause: "force-deleted",
      explanation:
        `${several(hurried.size, "pod")} of ${leavings.length} ${hurried.size === 1 ? "was" : "were"} deleted ` +
        `with a grace period of ${gracePeriodSeconds} s` +
        `${own === undefined ? "" : ` instead of the pod's own ${own} s`}: SIGKILL follows SIGTERM after ` +
        `${Math.max(2, gracePeriodSeconds)} s at most, and ${countOf(lost, "request", clues)} met them.`,
      confidence: "proven",
      evidence: evidenceOf(lost),
      fix:
        "Delete without gracePeriodSeconds (kubectl: without --force and --grace-period), so that the pod's " +
        "own grace period counts. Nothing in the workload can make up for it.",
    },
    explains: lost,
    kills,
  };
};

function wasHurried({ termination, setup }: Leaving): boolean {
  const { gracePeriodSeconds } = termination;
  return setup === undefined ? gracePeriodSeconds === 0 : gracePeriodSeconds < setup.graceSeconds;
}
