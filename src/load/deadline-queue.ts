/**
 * Deadlines that are all equally far away, so that they expire in the order in which they were set and one
 * timer serves any number of requests. Setting and lifting one costs a map entry.
 */
export class DeadlineQueue<Owner extends object> {
  readonly #afterMs: number;
  readonly #expired: (owner: Owner) => void;
  readonly #dueAtMs = new Map<Owner, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(afterMs: number, expired: (owner: Owner) => void) {
    this.#afterMs = afterMs;
    this.#expired = expired;
  }

  /** From now on; an owner has one deadline, so a second one replaces the first. */
  set(owner: Owner): void {
    this.#dueAtMs.delete(owner);
    this.#dueAtMs.set(owner, performance.now() + this.#afterMs);
    this.#timer ??= setTimeout(this.#expire, this.#afterMs);
  }

  lift(owner: Owner): void {
    this.#dueAtMs.delete(owner);
  }

  /** Lifts all and ends the timer; returns those whose deadline had not come. */
  close(): readonly Owner[] {
    const owners = [...this.#dueAtMs.keys()];
    this.#dueAtMs.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return owners;
  }

  readonly #expire = (): void => {
    this.#timer = undefined;
    const nowMs = performance.now();
    for (const [owner, dueAtMs] of this.#dueAtMs) {
      if (dueAtMs > nowMs) {
        this.#timer ??= setTimeout(this.#expire, Math.ceil(dueAtMs - nowMs));
        return;
      }
      this.#dueAtMs.delete(owner);
      this.#expired(owner);
    }
  };
}
