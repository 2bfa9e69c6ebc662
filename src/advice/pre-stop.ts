import type { PreStopHook } from "#domain/observation.ts";
import type { Clues } from "./clues.ts";
import {
  containerNames,
  failedPreStop,
  forcedExit,
  type Leaving,
  sigtermOrDeletionMs,
} from "./leaving.ts";
import { measurementOf, slowestRequestMs } from "./measured.ts";
import { several, time } from "./words.ts";
import type { WorkloadChange } from "./workload-patch.ts";

/** How long the data path went on sending new connections to a pod whose deletion had been requested. */
export interface DataPathDelay {
  readonly worstMs: number;
  /** How much later it may have been in truth. */
  readonly resolutionMs: number;
  /** Whole seconds that a preStop sleep must last to outlive it, with half as much again. */
  readonly sleepSeconds: number;
}

/** From the connections that a pod took and from those that found nobody, whichever came last. */
export function dataPathDelay({ report, leavings, failures }: Clues): DataPathDelay {
  const arrivals = leavings.flatMap(({ lane, termination }) =>
    lane?.lastNewConnectionAtMs === undefined
      ? []
      : [lane.lastNewConnectionAtMs - termination.deletionRequestedAtMs],
  );
  // When it was tried: that nobody answers shows seconds later, where the address itself has gone.
  const refusals = failures.flatMap(({ kind, leaving, sentAtMs }) =>
    kind === "refused" && leaving !== undefined
      ? [sentAtMs - leaving.termination.deletionRequestedAtMs]
      : [],
  );
  const worstMs = Math.max(0, ...arrivals, ...refusals);
  const { resolution = 0, atWorst } = measurementOf(report, "deregistration-latency") ?? {};
  // From one of several vantage points it may have come later than from all together.
  const resolutionMs = Math.max(resolution, (atWorst?.value ?? 0) - worstMs);
  const neededMs = Math.max(worstMs * 1.5, worstMs + resolutionMs);
  return { worstMs, resolutionMs, sleepSeconds: Math.max(1, Math.ceil(neededMs / 1000)) };
}

/** `the last new connection came 1.31 s after deletion (worst of 30 terminations, ± 40 ms)` */
export function describeDelay(
  { worstMs, resolutionMs }: DataPathDelay,
  { leavings }: Clues,
): string {
  const known = resolutionMs === 0 ? "" : `, ± ${time(resolutionMs)}`;
  const basis = `worst of ${several(leavings.length, "termination")}${known}`;
  return `the last new connection came ${time(worstMs)} after deletion (${basis})`;
}

/**
 * Lets every container sleep before SIGTERM, with a longer grace period only where the old cannot hold it.
 * Undefined when they sleep for long enough already.
 */
export function sleepFirst(clues: Clues): WorkloadChange | undefined {
  const first = clues.leavings.find((leaving) => containerNames(leaving).length > 0);
  if (first === undefined) return undefined;
  const { sleepSeconds } = dataPathDelay(clues);
  const containers = containerNames(first).flatMap((name) => changeOf(first, name, sleepSeconds));
  if (containers.length === 0) return undefined;
  const longestSeconds = Math.max(
    ...containers.map(({ preStopSleepSeconds }) => preStopSleepSeconds),
  );
  const neededSeconds = longestSeconds + drainSeconds(clues);
  const graceSeconds = first.setup?.graceSeconds ?? first.termination.gracePeriodSeconds;
  return { ...(neededSeconds > graceSeconds && { graceSeconds: neededSeconds }), containers };
}

/** A sleep that works is never shortened; one that fails is replaced by the action of the same length. */
function changeOf({ setup, lane, termination }: Leaving, name: string, sleepSeconds: number) {
  const preStop = setup?.containers.find((container) => container.name === name)?.preStop;
  const slept = setup === undefined ? termination.preStopSleepSeconds : sleepOf(preStop);
  const fails = lane !== undefined && failedPreStop(lane);
  if (slept !== undefined && slept >= sleepSeconds && !fails) return [];
  return {
    name,
    preStopSleepSeconds: Math.max(sleepSeconds, Math.ceil(slept ?? 0)),
    ...(preStop !== undefined && { replaces: preStop }),
  };
}

function sleepOf(hook: PreStopHook | undefined): number | undefined {
  return hook?.type === "sleep" ? hook.seconds : undefined;
}

/** From SIGTERM to the exit, for the slowest request and the slowest pod that left by itself, with room. */
export function drainSeconds({ report, leavings }: Clues): number {
  const drains = leavings.flatMap(drainMs);
  return Math.ceil((Math.max(slowestRequestMs(report), ...drains) * 1.5) / 1000) + 1;
}

function drainMs(leaving: Leaving): readonly number[] {
  const { exitedAtMs } = leaving.termination;
  if (exitedAtMs === undefined || forcedExit(leaving) !== undefined) return [];
  return [exitedAtMs - sigtermOrDeletionMs(leaving)];
}
