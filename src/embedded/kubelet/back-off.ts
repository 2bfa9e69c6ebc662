/** A real kubelet comes back after 1 to 1.5 times the delay, at random; here always in the middle. */
export const LATENESS = 1.25;

interface Entry {
  readonly delayMs: number;
  readonly updatedAtMs: number;
}

/**
 * Delays that double with each failure, by key, and are forgotten after twice the longest delay.
 * The first failure costs nothing: a container that crashes once is restarted at once.
 */
export class BackOff {
  readonly #entries = new Map<string, Entry>();
  readonly #initialMs: number;
  readonly #longestMs: number;

  constructor(initialMs: number, longestMs: number) {
    this.#initialMs = initialMs;
    this.#longestMs = longestMs;
  }

  /** What must still pass before the next attempt, counted from the failure (by default, the last attempt). */
  remainingMs(key: string, nowMs: number, failedAtMs?: number): number {
    const entry = this.#entries.get(key);
    const fromMs = failedAtMs ?? entry?.updatedAtMs ?? 0;
    if (entry === undefined || this.#isForgotten(entry, fromMs)) return 0;
    return Math.max(0, fromMs + entry.delayMs - nowMs);
  }

  /** The delay that the key is serving, for the message. */
  delayMs(key: string): number {
    return this.#entries.get(key)?.delayMs ?? 0;
  }

  /** Call with each attempt that follows a failure. */
  next(key: string, nowMs: number, failedAtMs = nowMs): void {
    const entry = this.#entries.get(key);
    const delayMs =
      entry === undefined || this.#isForgotten(entry, failedAtMs)
        ? this.#initialMs
        : Math.min(entry.delayMs * 2, this.#longestMs);
    this.#entries.set(key, { delayMs, updatedAtMs: nowMs });
  }

  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }

  #isForgotten(entry: Entry, failedAtMs: number): boolean {
    return failedAtMs - entry.updatedAtMs > 2 * this.#longestMs;
  }
}

/** A delay as Go prints it in whole seconds: `10s`, `1m20s`, `5m0s`. */
export function describeDelay(delayMs: number): string {
  const seconds = Math.round(delayMs / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
