import type { FailureMark, Report } from "#domain/report.ts";
import type { Finding } from "./cause.ts";
import { type Failure, kindOf } from "./failure.ts";
import { type ForcedKill, findForcedKills } from "./forced-kill.ts";
import { gatherLeavings, type Leaving } from "./leaving.ts";
import { countReadyEndpoints } from "./ready-endpoints.ts";
import { findLateStarters, findNewPods, type StartingPod } from "./starting-pods.ts";
import { findSuspect } from "./suspect.ts";

/** What every cause needs of a report, worked out once. */
export interface Clues {
  readonly report: Report;
  readonly leavings: readonly Leaving[];
  /** Those that no earlier cause has explained. */
  readonly failures: readonly Failure[];
  readonly everyFailure: readonly Failure[];
  /** The same of the containers that SIGKILL ended. */
  readonly kills: readonly ForcedKill[];
}

/** Reads the report once for all causes; each takes from it what it asks about. */
export function gatherClues(report: Report): Clues {
  const leavings = gatherLeavings(report);
  const readyEndpoints = countReadyEndpoints(report.lanes);
  const isKnown = report.lanes.some(({ firstAnswerAtMs }) => firstAnswerAtMs !== undefined);
  // A data path that is heard knows the pod of an answer without its name.
  const namesItself = isKnown && report.attribution?.dataPath !== "heard";
  const starters = { late: findLateStarters(report), all: findNewPods(report), isKnown };
  const failures = report.marks.map((mark): Failure => {
    const { exchange } = mark;
    const sentAtMs = exchange?.sentAtMs ?? mark.atMs;
    const endedAtMs = exchange?.endedAtMs ?? mark.atMs;
    const plainKind = kindOf(mark, namesItself);
    const nobodyReady = plainKind === "refused" && readyEndpoints(endedAtMs) === 0;
    const kind = nobodyReady ? "nobody-ready" : plainKind;
    const leaving = findSuspect(mark, kind, { leavings, marginMs: report.header.marginMs });
    const starting = nobodyReady ? undefined : findStarter(mark, leaving, starters);
    return {
      mark,
      kind,
      sentAtMs,
      endedAtMs,
      ...(leaving !== undefined && starting === undefined && { leaving }),
      ...(starting !== undefined && { startingPod: starting.lane.pod }),
    };
  });
  const kills = findForcedKills(report, leavings, failures);
  return { report, leavings, failures, everyFailure: failures, kills };
}

/** A new pod is asked more than it can for this long at most. */
const START_FELT_MS = 10_000;

interface Starters {
  /** Whether it is known of any answer which pod gave it: only then does the silence of a new one mean anything. */
  readonly isKnown: boolean;
  readonly late: readonly StartingPod[];
  readonly all: readonly StartingPod[];
}

/**
 * The new pod that a failure met. A refusal names nobody, and a leaving pod explains it as well; the new
 * one is blamed where there is no leaving one, or where it had no probe that could have held it back.
 */
function findStarter(
  mark: FailureMark,
  leaving: Leaving | undefined,
  { late, all, isKnown }: Starters,
): StartingPod | undefined {
  if (mark.attribution === "proven" || mark.attribution === "same-connection") {
    if (leaving !== undefined) return undefined;
    return all.find(
      ({ lane, readyAtMs }) =>
        lane.pod === mark.pod && mark.atMs >= readyAtMs && mark.atMs <= readyAtMs + START_FELT_MS,
    );
  }
  return late.find(
    ({ readyAtMs, firstAnswerAtMs, hasReadinessProbe }) =>
      mark.atMs >= readyAtMs &&
      mark.atMs <= Math.min(firstAnswerAtMs, readyAtMs + START_FELT_MS) &&
      (leaving === undefined || (isKnown && hasReadinessProbe === false)),
  );
}

/** The clues that are left when a cause has explained some of them. */
export function without(clues: Clues, { explains, kills = [] }: Finding): Clues {
  const explained = new Set(explains);
  const accounted = new Set(kills);
  return {
    ...clues,
    failures: clues.failures.filter((failure) => !explained.has(failure)),
    kills: clues.kills.filter((kill) => !accounted.has(kill)),
  };
}
