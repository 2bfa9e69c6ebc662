import type { FailureMark } from "#domain/report.ts";
import type { FailureKind } from "./failure.ts";
import { feltFromMs, type Leaving, sigtermOrDeletionMs } from "./leaving.ts";

/**
 * The leaving pod that a failure met. A pod that named itself is taken at its word. Of several that may
 * have been met, a lost connection points to the one whose SIGTERM or exit was nearest, and a refusal to
 * the last that had been told to stop.
 */
export function findSuspect(
  mark: FailureMark,
  kind: FailureKind,
  { leavings, marginMs }: { readonly leavings: readonly Leaving[]; readonly marginMs: number },
): Leaving | undefined {
  const endedAtMs = mark.exchange?.endedAtMs ?? mark.atMs;
  const sentAtMs = mark.exchange?.sentAtMs ?? mark.atMs;
  const candidates = leavings.filter(
    (leaving) =>
      feltFromMs(leaving) <= endedAtMs && sentAtMs <= meetableUntilMs(leaving, kind, marginMs),
  );
  if (mark.attribution === "proven" || mark.attribution === "same-connection") {
    return candidates.findLast(({ termination }) => termination.pod === mark.pod);
  }
  switch (kind) {
    case "cut":
    case "kept-lost":
    case "mid-response":
      return candidates.toSorted((a, b) => distanceMs(a, endedAtMs) - distanceMs(b, endedAtMs))[0];
    case "refused":
    case "nobody-ready":
    case "error-answer":
    case "silent":
    case "other":
      return candidates.findLast((leaving) => told(leaving) <= endedAtMs) ?? candidates.at(-1);
  }
}

/** An address lives on without its process, but only a process can answer badly or not at all. */
function meetableUntilMs({ termination }: Leaving, kind: FailureKind, marginMs: number): number {
  const { exitedAtMs, goneAtMs } = termination;
  const untilMs = (goneAtMs ?? Number.POSITIVE_INFINITY) + marginMs;
  const neededProcess = kind === "silent" || kind === "error-answer";
  return neededProcess ? Math.min(exitedAtMs ?? untilMs, untilMs) : untilMs;
}

/** A little before the sighting: T0 itself may have been seen late. */
function told(leaving: Leaving): number {
  const slackMs = leaving.termination.deletionRequestedAtMs - feltFromMs(leaving);
  return sigtermOrDeletionMs(leaving) - slackMs;
}

function distanceMs(leaving: Leaving, atMs: number): number {
  const { exitedAtMs } = leaving.termination;
  const fromSigtermMs = Math.abs(atMs - sigtermOrDeletionMs(leaving));
  return exitedAtMs === undefined
    ? fromSigtermMs
    : Math.min(fromSigtermMs, Math.abs(atMs - exitedAtMs));
}
