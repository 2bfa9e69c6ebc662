import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "#ports/clock.ts";

/** A clock on which time passes some times faster, so that half a minute of faults takes seconds. */
export class HastyClock implements Clock {
  readonly speed: number;
  readonly #startedAtMs = performance.now();

  constructor(speed: number) {
    this.speed = speed;
  }

  nowMs(): number {
    return (performance.now() - this.#startedAtMs) * this.speed;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return sleep(ms / this.speed, undefined, { signal });
  }
}
