import type { Cause } from "#advice/cause.ts";
import { happensAnyway } from "#advice/happens-anyway.ts";
import { findNewPods } from "#advice/starting-pods.ts";
import { countOf, evidenceOf, several, time } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** New pods pass their probe and then fail requests, and the rollout goes on without waiting for that. */
export const minReadySecondsZero: Cause = (clues) => {
  const { report, failures } = clues;
  if (report.workload?.minReadySeconds !== 0) return undefined;
  const probed = findNewPods(report).filter(({ hasReadinessProbe }) => hasReadinessProbe === true);
  const readyAtMs = new Map(probed.map((pod) => [pod.lane.pod, pod.readyAtMs]));
  const early = failures.filter(
    ({ startingPod }) => startingPod !== undefined && readyAtMs.has(startingPod),
  );
  if (early.length === 0 || happensAnyway(early, clues)) return undefined;
  const afterMs = early.map(
    ({ startingPod = "", endedAtMs }) => endedAtMs - (readyAtMs.get(startingPod) ?? endedAtMs),
  );
  const worstMs = Math.max(0, ...afterMs);
  const pods = new Set(early.map(({ startingPod }) => startingPod)).size;
  return {
    advice: {
      cause: "min-ready-seconds-zero",
      explanation:
        `${countOf(early, "request", clues)} failed at ${several(pods, "new pod")} up to ${time(worstMs)} after ` +
        "its readiness probe had passed. minReadySeconds is 0: a pod counts as available in the instant it is " +
        "ready, and the next old one is taken away before the new one has proven itself.",
      confidence: "likely",
      evidence: evidenceOf(early),
      fix:
        "Set minReadySeconds above that time, so that a rollout waits for pods that stay ready; and let the " +
        "probe ask for what the requests need.",
      patch: writePatch(report.header.workload.kind, {
        minReadySeconds: Math.max(1, Math.ceil((worstMs * 1.5) / 1000)),
      }),
    },
    explains: early,
  };
};
