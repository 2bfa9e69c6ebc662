const EVERY_MS = 20;

/** Watches how late this thread's event loop runs its timers: what it measures meanwhile is late too. */
export class LoopMonitor {
  readonly #timer: NodeJS.Timeout;
  #lastMs = performance.now();
  #worstDelayMs = 0;

  constructor() {
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  /** The longest delay so far, the one that is going on included. */
  get worstDelayMs(): number {
    return Math.max(this.#worstDelayMs, performance.now() - this.#lastMs - EVERY_MS);
  }

  stop(): void {
    this.#worstDelayMs = this.worstDelayMs;
    this.#lastMs = Number.POSITIVE_INFINITY;
    clearInterval(this.#timer);
  }

  #look(): void {
    this.#worstDelayMs = this.worstDelayMs;
    this.#lastMs = performance.now();
  }
}
