import type { Cause } from "#advice/cause.ts";
import { graceEndsAtMs, type Leaving } from "#advice/leaving.ts";
import { drainSeconds } from "#advice/pre-stop.ts";
import { casesOf, several, time } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

/** The kubelet counts a hook's time in whole seconds, so an orderly exit may come this late within the grace. */
const ROUNDING_MS = 1_000;

/** The hook took the whole grace period, and left the 2 s that SIGTERM always gets. */
export const preStopOutlivesGrace: Cause = (clues) => {
  const { report, leavings, failures } = clues;
  const late = leavings.filter((leaving) => sleepsThrough(leaving) || overran(leaving));
  const [first] = late;
  if (first === undefined) return undefined;
  const pods = new Set(late);
  const lost = failures.filter(
    ({ leaving, endedAtMs }) =>
      leaving !== undefined && pods.has(leaving) && endedAtMs >= graceEndsAtMs(leaving) - 500,
  );
  const kills = clues.kills.filter(({ leaving }) => pods.has(leaving));
  const { gracePeriodSeconds, preStopSleepSeconds } = first.termination;
  return {
    advice: {
      cause: "pre-stop-outlives-grace",
      explanation:
        `The preStop hook ${preStopSleepSeconds === undefined ? "" : `sleeps ${preStopSleepSeconds} s and `}` +
        `used up the ${gracePeriodSeconds} s of grace of ${late.length} of ${several(leavings.length, "pod")}: ` +
        "hook and SIGTERM share one grace period, and only 2 s were left to drain.",
      confidence: sleepsThrough(first) ? "proven" : "likely",
      evidence: casesOf(late.map(describe)),
      fix: "Make terminationGracePeriodSeconds the sum of the hook and of the drain after SIGTERM.",
      ...(preStopSleepSeconds !== undefined && {
        patch: writePatch(report.header.workload.kind, {
          graceSeconds: Math.ceil(preStopSleepSeconds) + Math.max(2, drainSeconds(clues)),
        }),
      }),
      ...(lost.length + kills.length === 0 && report.verdict !== "fail" && { hint: true }),
    },
    explains: lost,
    kills,
  };
};

function sleepsThrough({ termination, sigtermAtMs }: Leaving): boolean {
  const { preStopSleepSeconds, gracePeriodSeconds, exitedAtMs, deletionRequestedAtMs } =
    termination;
  if (preStopSleepSeconds === undefined || gracePeriodSeconds === 0) return false;
  if (preStopSleepSeconds < gracePeriodSeconds) return false;
  // A failed hook did not sleep, and a container that had ended before did not wait.
  const failed = sigtermAtMs === deletionRequestedAtMs;
  return !failed && (exitedAtMs === undefined || exitedAtMs >= graceEnd(termination) - 500);
}

/** A hook of unknown length: an exit this late can only have followed a SIGTERM at the end of the grace. */
function overran({ termination, setup }: Leaving): boolean {
  const hooked = setup?.containers.some(({ preStop }) => (preStop?.type ?? "sleep") !== "sleep");
  const { exitedAtMs, gracePeriodSeconds } = termination;
  if (hooked !== true || exitedAtMs === undefined || gracePeriodSeconds === 0) return false;
  return exitedAtMs > graceEnd(termination) + ROUNDING_MS;
}

function graceEnd(termination: Leaving["termination"]): number {
  return graceEndsAtMs({ termination });
}

function describe({ termination }: Leaving): string {
  const { pod, exitedAtMs, deletionRequestedAtMs, gracePeriodSeconds } = termination;
  const exit =
    exitedAtMs === undefined
      ? "exit not seen"
      : `exit ${time(exitedAtMs - deletionRequestedAtMs)} after T0`;
  return `${pod}: ${exit}, grace ${gracePeriodSeconds} s`;
}
