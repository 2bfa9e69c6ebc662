import type { Clock } from "#ports/clock.ts";

/** Milliseconds of the machine's monotonic clock, which all processes share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Turns the run's zero from wall-clock terms into the monotonic clock's. A process's own
 * `performance.timeOrigin` comes from the wall clock, which may have been stepped in between, so the zero
 * is turned once, in the process that was given it.
 */
export function zeroOfRun(runStartedAtMs: number): number {
  return monotonicMs() - (performance.timeOrigin + performance.now() - runStartedAtMs);
}

/** Tells milliseconds since the run's zero, in whatever process it is made. */
export function runClock(zeroMs: number): Pick<Clock, "nowMs"> {
  const offsetMs = monotonicMs() - performance.now() - zeroMs;
  return { nowMs: () => performance.now() + offsetMs };
}
