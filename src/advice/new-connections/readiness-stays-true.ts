import type { Cause } from "#advice/cause.ts";
import { warnedWhileLeaving } from "#advice/leaving.ts";
import { casesOf, several, time } from "#advice/words.ts";
import { findLingeringPods } from "./lingering-readiness.ts";

/** The probe said yes to the end, and somebody in front of the pods seems to go by it. */
export const readinessStaysTrue: Cause = (clues) => {
  const pods = findLingeringPods(clues).filter(
    ({ leaving: { lane } }) =>
      lane !== undefined && !warnedWhileLeaving(lane, "Unhealthy", "statuscode"),
  );
  if (pods.length === 0) return undefined;
  const worstMs = Math.max(...pods.map(({ lingerMs }) => lingerMs));
  return {
    advice: {
      cause: "readiness-stays-true",
      explanation:
        `New connections went on to ${several(pods.length, "leaving pod")} for up to ${time(worstMs)} after the ` +
        "endpoint was no longer ready, longer than kube-proxy takes, and the readiness probe passed until the " +
        "exit. A load balancer that asks the probe itself had no reason to stop.",
      confidence: "possible",
      evidence: casesOf(
        pods.map(({ leaving, lingerMs }) => `${leaving.termination.pod}: ${time(lingerMs)}`),
      ),
      fix:
        "Let the readiness path answer 503 as soon as preStop begins or SIGTERM comes, while everything else " +
        "is still served, and sleep in preStop for as long as the load balancer needs.",
    },
    explains: [],
  };
};
