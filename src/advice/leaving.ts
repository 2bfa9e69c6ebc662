import type { PodLane, PodSetup, Report } from "#domain/report.ts";
import type { ContainerExit, Termination } from "#domain/termination.ts";

/** One pod's leaving with all that a cause may ask about it. */
export interface Leaving {
  readonly termination: Termination;
  /** Absent when SIGTERM came after a hook whose length nobody tells, or not at all. */
  readonly sigtermAtMs?: number;
  readonly lane?: PodLane;
  readonly setup?: PodSetup;
}

/** How much earlier than its sighting a deletion may have begun, and whatever follows from it. */
const SIGHTING_SLACK_MS = 250;

/** An exit shows in the API this much later than it was, at most: the kubelet looks once a second. */
export const EXIT_SEEN_WITHIN_MS = 2_500;

/** Each termination with the lane and the setup of its pod, where the watch showed them. */
export function gatherLeavings({ terminations, lanes }: Report): readonly Leaving[] {
  const laneOf = new Map(lanes.map((lane) => [lane.termination?.uid, lane]));
  return terminations.map((termination) => {
    const lane = laneOf.get(termination.uid);
    const sigtermAtMs = inferSigterm(termination, lane);
    return {
      termination,
      ...(sigtermAtMs !== undefined && { sigtermAtMs }),
      ...(lane !== undefined && { lane }),
      ...(lane?.setup !== undefined && { setup: lane.setup }),
    };
  });
}

function inferSigterm(termination: Termination, lane: PodLane | undefined): number | undefined {
  if (termination.killedOutright !== undefined) return undefined;
  // A hook that fails does not hold SIGTERM back.
  if (lane !== undefined && failedPreStop(lane)) return termination.deletionRequestedAtMs;
  if (lane?.setup !== undefined) return lane.sigtermAtMs;
  return termination.deletionRequestedAtMs + (termination.preStopSleepSeconds ?? 0) * 1000;
}

/** A hook that cannot run says so within this time of T0; one that ran so long may have ended its container. */
const FAILS_WITHIN_MS = 1_000;

/** An exit shows in the API this much later than it was, at most: the kubelet looks once a second. */
const EXIT_SEEN_LATE_MS = 1_500;

/**
 * Whether the hook failed by itself. One that outlives the grace, or that makes the program end (`nginx -s
 * quit; sleep 5`), dies with its container, and the kubelet warns of that in the same words.
 */
export function failedPreStop({ termination, warnings = [] }: PodLane): boolean {
  if (termination === undefined) return false;
  const { deletionRequestedAtMs, exitedAtMs = Number.POSITIVE_INFINITY } = termination;
  const untilMs = graceEndsAtMs({ termination }) - SIGHTING_SLACK_MS;
  return warnings.some(
    ({ reason, lastAtMs }) =>
      reason === "FailedPreStopHook" &&
      lastAtMs >= deletionRequestedAtMs - SIGHTING_SLACK_MS &&
      lastAtMs < untilMs &&
      (lastAtMs <= deletionRequestedAtMs + FAILS_WITHIN_MS ||
        lastAtMs < exitedAtMs - EXIT_SEEN_LATE_MS),
  );
}

/** Whether the kubelet warned of this reason after the pod's deletion had been requested. */
export function warnedWhileLeaving(
  { termination, warnings }: PodLane,
  reason: string,
  words = "",
): boolean {
  const fromMs =
    (termination?.deletionRequestedAtMs ?? Number.POSITIVE_INFINITY) - SIGHTING_SLACK_MS;
  return (warnings ?? []).some(
    (warning) =>
      warning.reason === reason && warning.lastAtMs >= fromMs && warning.message.includes(words),
  );
}

/** From when on its leaving can have been felt. */
export function feltFromMs({ termination }: Leaving): number {
  const { deletionRequestedAtMs, t0UncertaintyMs } = termination;
  return deletionRequestedAtMs - Math.max(SIGHTING_SLACK_MS, t0UncertaintyMs);
}

/** Where SIGTERM is not known: the deletion, before which it cannot have come. */
export function sigtermOrDeletionMs({ sigtermAtMs, termination }: Leaving): number {
  return sigtermAtMs ?? termination.deletionRequestedAtMs;
}

/** When it was killed or would have been: the end of its grace period. */
export function graceEndsAtMs({ termination }: Pick<Leaving, "termination">): number {
  return termination.deletionRequestedAtMs + termination.gracePeriodSeconds * 1000;
}

/** The container that was killed because the grace ran out. */
export function forcedExit({ termination }: Leaving): ContainerExit | undefined {
  return termination.exits.find(({ forced }) => forced);
}

/** The containers that the kubelet stops together, in the order of the spec. */
export function containerNames({ termination, setup }: Leaving): readonly string[] {
  const regular = setup?.containers.filter(({ sidecar }) => !sidecar) ?? [];
  return regular.length > 0
    ? regular.map(({ name }) => name)
    : termination.exits.map(({ container }) => container);
}
