/** Hands on what it is given, in order, each item the same time after it came. */
export class DelayLine<T> {
  readonly #delayMs: number;
  readonly #deliver: (item: T) => void;
  readonly #items: { readonly item: T; readonly dueAtMs: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(delayMs: number, deliver: (item: T) => void) {
    this.#delayMs = delayMs;
    this.#deliver = deliver;
  }

  push(item: T): void {
    if (this.#delayMs <= 0) {
      this.#deliver(item);
      return;
    }
    this.#items.push({ item, dueAtMs: performance.now() + this.#delayMs });
    this.#schedule();
  }

  /** What is still on its way is dropped. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#items.length = 0;
  }

  #schedule(): void {
    const [next] = this.#items;
    if (next === undefined || this.#timer !== undefined) return;
    const waitMs = Math.max(0, next.dueAtMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#deliverDue();
    }, waitMs);
  }

  #deliverDue(): void {
    const nowMs = performance.now();
    while (this.#items[0] !== undefined && this.#items[0].dueAtMs <= nowMs) {
      const due = this.#items.shift();
      if (due !== undefined) this.#deliver(due.item);
    }
    this.#schedule();
  }
}
