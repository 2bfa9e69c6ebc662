import type { PodSetup } from "./report.ts";
import type { Termination } from "./termination.ts";

/**
 * When SIGTERM is inferred to have been sent. It shows nowhere in the API: without a preStop hook it
 * follows T0, after a sleep it follows that. How long any other hook took is not told, so there the
 * moment is unknown, as it is where the containers had exited before it.
 */
export function sigtermMoment(
  termination: Termination,
  setup: PodSetup | undefined,
): number | undefined {
  const hooks = setup?.containers.flatMap(({ preStop }) => preStop ?? []) ?? [];
  if (hooks.some(({ type }) => type !== "sleep")) return undefined;
  const sleepMs = (termination.preStopSleepSeconds ?? 0) * 1000;
  const sigtermAtMs = termination.deletionRequestedAtMs + sleepMs;
  const exitedFirst = termination.exitedAtMs !== undefined && termination.exitedAtMs < sigtermAtMs;
  return exitedFirst ? undefined : sigtermAtMs;
}
