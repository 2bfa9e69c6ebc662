import { LONGEST_TIMER_MS } from "#embedded/api/longest-timer.ts";
/** Resolves to what is still to be done later, without an event that would say so. */
export type Work = (key: string) => Promise<Requeue | undefined>;

/** When a key wants to be looked at again, though nothing changes. */
export interface Requeue {
  readonly afterMs: number;
}

export interface WorkQueueOptions {
  readonly work: Work;
  /** How many keys are worked on at the same time. */
  readonly workers: number;
  /** How soon failed work is tried again the first time; each further time takes twice as long. */
  readonly firstRetryMs?: number;
  /** The work failed and will be tried again. */
  readonly onError: (error: unknown, key: string) => void;
}

const FIRST_RETRY_MS = 5;
const LAST_RETRY_MS = 30_000;

/**
 * Keys waiting for a worker. A key waits at most once, and is never worked on twice at the same time: when
 * it is added during its work, it comes again afterwards. A failed key comes again with growing delay.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Set<string>();
  readonly #working = new Map<string, Promise<void>>();
  readonly #later = new Map<string, { readonly dueAtMs: number; readonly timer: NodeJS.Timeout }>();
  readonly #failures = new Map<string, number>();
  #dispatch: NodeJS.Immediate | undefined;
  #stopped = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  add(key: string): void {
    if (this.#stopped) return;
    this.#waiting.add(key);
    this.#schedule();
  }

  /** The earlier of two dates wins, as in Kubernetes' delaying queue; work that is further off is looked at before. */
  addAfter(key: string, wantedMs: number): void {
    if (this.#stopped) return;
    const delayMs = Math.min(wantedMs, LONGEST_TIMER_MS);
    const dueAtMs = performance.now() + delayMs;
    const planned = this.#later.get(key);
    if (planned !== undefined && planned.dueAtMs <= dueAtMs) return;
    clearTimeout(planned?.timer);
    const timer = setTimeout(() => {
      this.#later.delete(key);
      this.add(key);
    }, delayMs);
    this.#later.set(key, { dueAtMs, timer });
  }

  /** Nothing new is started; resolves when the work under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearImmediate(this.#dispatch);
    for (const { timer } of this.#later.values()) clearTimeout(timer);
    this.#later.clear();
    this.#waiting.clear();
    await Promise.all(this.#working.values());
  }

  /**
   * Work starts in a turn of the event loop of its own. So the events of one turn become one piece of work,
   * and controllers that react to each other take turns, as they do over a real network.
   */
  #schedule(): void {
    if (this.#stopped) return;
    this.#dispatch ??= setImmediate(() => {
      this.#dispatch = undefined;
      this.#startWork();
    });
  }

  #startWork(): void {
    for (const key of this.#waiting) {
      if (this.#stopped || this.#working.size >= this.#options.workers) return;
      if (this.#working.has(key)) continue;
      this.#waiting.delete(key);
      this.#working.set(key, this.#workOn(key));
    }
  }

  async #workOn(key: string): Promise<void> {
    try {
      const requeue = await this.#options.work(key);
      this.#failures.delete(key);
      if (requeue !== undefined) this.addAfter(key, requeue.afterMs);
    } catch (error) {
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      this.#options.onError(error, key);
      const firstMs = this.#options.firstRetryMs ?? FIRST_RETRY_MS;
      this.addAfter(key, Math.min(firstMs * 2 ** failures, LAST_RETRY_MS));
    } finally {
      this.#working.delete(key);
      if (this.#waiting.size > 0) this.#schedule();
    }
  }
}
