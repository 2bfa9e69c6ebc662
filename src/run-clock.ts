import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "#ports/clock.ts";

/** Milliseconds since it was made; `zeroAtMs` says when that was on the wall clock. */
export function createRunClock(): Clock & { readonly zeroAtMs: number } {
  const startedAtMs = performance.now();
  return {
    zeroAtMs: performance.timeOrigin + startedAtMs,
    nowMs: () => performance.now() - startedAtMs,
    sleep: async (ms, signal) => {
      await delay(ms, undefined, { signal });
    },
  };
}
