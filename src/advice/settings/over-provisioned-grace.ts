import type { Cause } from "#advice/cause.ts";
import { drainSeconds } from "#advice/pre-stop.ts";
import { casesOf, several, time } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** The grace period is at least twice what the slowest pod could need: a pod that hangs holds a node that long. */
export const overProvisionedGrace: Cause = (clues) => {
  const { report, leavings } = clues;
  if (report.verdict !== "pass") return undefined;
  const used = leavings.map(({ termination }) => ({
    pod: termination.pod,
    usedMs:
      (termination.exitedAtMs ?? Number.POSITIVE_INFINITY) - termination.deletionRequestedAtMs,
  }));
  const worst = used.toSorted((a, b) => b.usedMs - a.usedMs)[0];
  if (worst === undefined || !Number.isFinite(worst.usedMs)) return undefined;
  const graces = leavings.map(
    ({ setup, termination }) => setup?.graceSeconds ?? termination.gracePeriodSeconds,
  );
  const grace = Math.min(...graces);
  const sleeps = leavings.map(({ termination }) => termination.preStopSleepSeconds ?? 0);
  const needed = Math.max(
    Math.ceil((worst.usedMs * 1.5) / 1000),
    Math.ceil(Math.max(...sleeps)) + drainSeconds(clues),
  );
  if (grace < 2 * needed) return undefined;
  return {
    advice: {
      cause: "over-provisioned-grace",
      explanation:
        `The slowest of ${several(leavings.length, "pod")} was gone ${time(worst.usedMs)} after its deletion, and ` +
        `the grace period is ${grace} s. It costs nothing while pods leave by themselves; one that hangs ` +
        "blocks its node's drain for the rest.",
      confidence: leavings.length < 10 ? "possible" : "likely",
      evidence: casesOf(
        used.map(({ pod, usedMs }) => `${pod}: ${time(usedMs)}`),
        leavings.length,
      ),
      fix:
        `terminationGracePeriodSeconds ${grace} → ${needed}, if this load had the slowest requests that you ` +
        "expect.",
      patch: writePatch(report.header.workload.kind, { graceSeconds: needed }),
      hint: true,
    },
    explains: [],
  };
};
