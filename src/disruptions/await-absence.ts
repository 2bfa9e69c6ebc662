import type { DisruptionContext } from "./disruption-context.ts";

/**
 * Asks every second whether nothing is left any more; for objects that the run does not watch. False when
 * the deadline has passed.
 */
export async function awaitAbsence(
  isAbsent: () => Promise<boolean>,
  { clock, deadlineMs, signal }: DisruptionContext,
): Promise<boolean> {
  const untilMs = clock.nowMs() + deadlineMs;
  while (!(await isAbsent())) {
    if (clock.nowMs() >= untilMs) return false;
    await clock.sleep(1_000, signal);
  }
  return true;
}
