import { LONGEST_TIMER_MS } from "#embedded/api/longest-timer.ts";

/**
 * Runs one piece of work whenever it is woken, never twice at once. Being woken during a run means one
 * more run after it; several wakes mean one run, at the earliest of their moments.
 */
export class WorkLoop {
  readonly #work: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #running: Promise<void> | undefined;
  #stopped = false;

  /** `work` handles its own errors. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** What is further off than a timer holds is looked at before. */
  wake(wantedMs = 0): void {
    const afterMs = Math.min(wantedMs, LONGEST_TIMER_MS);
    const atMs = Date.now() + afterMs;
    if (this.#stopped || atMs >= this.#dueAtMs) return;
    this.#dueAtMs = atMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(), afterMs);
  }

  /** No run begins any more; resolves when the current one has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #run(): void {
    if (this.#running !== undefined) return; // the end of the current run looks at the due moment
    this.#dueAtMs = Number.POSITIVE_INFINITY;
    this.#running = this.#work().finally(() => {
      this.#running = undefined;
      if (this.#stopped || this.#dueAtMs === Number.POSITIVE_INFINITY) return;
      const afterMs = Math.max(0, this.#dueAtMs - Date.now());
      this.#dueAtMs = Number.POSITIVE_INFINITY;
      this.wake(afterMs);
    });
  }
}
