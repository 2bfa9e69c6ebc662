import type { Pacer } from "#domain/pacer.ts";
import type { Clock } from "#ports/clock.ts";

/** So many overdue requests are sent at once; then the answers of others get their turn. */
const GROUP = 32;
/** The longest wait that a timer can hold. */
const MAX_WAIT_MS = 2 ** 31 - 1;

interface DispatcherOptions {
  readonly pacer: Pacer;
  readonly clock: Pick<Clock, "nowMs">;
  /** The run's time at which the load begins; the pacer counts from it. */
  readonly startMs: number;
  /** Given the moment at which it was due, in the run's time. */
  offer(scheduledAtMs: number): void;
}

/** Asks the pacer what is due, offers it, and sleeps until the next: open model, without spinning. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  #scheduled = 0;
  #dueAtMs: number;
  /** What is due later is not offered. */
  #lastMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#dueAtMs = options.startMs + options.pacer(0);
    this.#sleep();
  }

  get scheduled(): number {
    return this.#scheduled;
  }

  /** Nothing is due after that instant, which has not come yet; until then all goes on. */
  gateAt(atMs: number): void {
    this.#lastMs = atMs;
  }

  /** Nothing is due after this moment; what was due before it is still offered, however late. */
  gate(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    const gatedAtMs = this.#dueUntilMs();
    while (this.#dueAtMs <= gatedAtMs) this.#options.offer(this.#take());
  }

  #dueUntilMs(): number {
    return Math.min(this.#options.clock.nowMs(), this.#lastMs);
  }

  readonly #dispatch = (): void => {
    const { offer } = this.#options;
    for (let group = 0; this.#dueAtMs <= this.#dueUntilMs(); group++) {
      if (group === GROUP) {
        this.#immediate = setImmediate(this.#dispatch);
        return;
      }
      offer(this.#take());
    }
    this.#sleep();
  };

  #take(): number {
    const dueAtMs = this.#dueAtMs;
    this.#scheduled++;
    this.#dueAtMs = this.#options.startMs + this.#options.pacer(this.#scheduled);
    return dueAtMs;
  }

  #sleep(): void {
    if (this.#dueAtMs > this.#lastMs) return;
    const waitMs = this.#dueAtMs - this.#options.clock.nowMs();
    this.#timer = setTimeout(this.#dispatch, Math.max(0, Math.min(waitMs, MAX_WAIT_MS)));
  }
}
