import type { Cause } from "#advice/cause.ts";
import { type Leaving, warnedWhileLeaving } from "#advice/leaving.ts";
import { casesOf, several, time } from "#advice/words.ts";
import { findLingeringPods } from "./lingering-readiness.ts";

/** The probe did fail, and the pod had exited before it had failed often enough. */
export const readinessTooSlow: Cause = (clues) => {
  const pods = findLingeringPods(clues).filter(
    ({ leaving: { lane } }) =>
      lane !== undefined && warnedWhileLeaving(lane, "Unhealthy", "statuscode"),
  );
  const [first] = pods;
  if (first === undefined) return undefined;
  const neededMs = noticeMs(first.leaving);
  const worstMs = Math.max(...pods.map(({ lingerMs }) => lingerMs));
  return {
    advice: {
      cause: "readiness-too-slow",
      explanation:
        `The readiness probe of ${several(pods.length, "leaving pod")} failed, but needs ${time(neededMs)} to count ` +
        "(periodSeconds × failureThreshold), and the pod had exited before. New connections went on for up to " +
        `${time(worstMs)} after the endpoint was no longer ready, longer than kube-proxy takes: somebody in ` +
        "front seems to go by the probe.",
      confidence: "possible",
      evidence: casesOf(
        pods.map(({ leaving, lingerMs }) => `${leaving.termination.pod}: ${time(lingerMs)}`),
      ),
      fix:
        "Probe more often (periodSeconds 1, failureThreshold 1 or 2), and let the pod serve for longer than " +
        "that and the load balancer together need.",
    },
    explains: [],
  };
};

function noticeMs({ setup }: Leaving): number {
  const paces = setup?.containers.flatMap(({ readinessProbe }) => readinessProbe ?? []) ?? [];
  const waits = paces.map(
    ({ periodSeconds, failureThreshold }) => periodSeconds * failureThreshold,
  );
  return Math.max(0, ...waits) * 1000;
}
