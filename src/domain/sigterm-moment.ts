import type { PodSetup } from "./report.ts";
import type { Termination } from "./termination.ts";

/** What a kubelet gives a pod whose grace period is 0. */
const LEAST_GRACE_SECONDS = 1;

/**
 * When SIGTERM is inferred to have been sent. It shows nowhere in the API: without a preStop hook it
 * follows T0, after a sleep it follows that, or the end of the grace period, at which the kubelet waits for
 * the hook no longer. How long any other hook took is not told, so there the
 * moment is unknown, as it is where the containers had exited before it. Who was killed outright got none.
 */
export function sigtermMoment(
  termination: Termination,
  setup: PodSetup | undefined,
): number | undefined {
  if (termination.killedOutright !== undefined) return undefined;
  const hooks = setup?.containers.flatMap(({ preStop }) => preStop ?? []) ?? [];
  if (hooks.some(({ type }) => type !== "sleep")) return undefined;
  const { preStopSleepSeconds = 0, gracePeriodSeconds } = termination;
  const waits = Math.min(preStopSleepSeconds, Math.max(gracePeriodSeconds, LEAST_GRACE_SECONDS));
  const sigtermAtMs = termination.deletionRequestedAtMs + waits * 1000;
  const exitedFirst = termination.exitedAtMs !== undefined && termination.exitedAtMs < sigtermAtMs;
  return exitedFirst ? undefined : sigtermAtMs;
}
