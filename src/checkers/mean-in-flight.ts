/**
 * How many requests were under way, on average over each bucket of time. A request that lasts over many
 * buckets costs no more than a short one: only its ends are written down, and the sums are taken at last.
 */
export class MeanInFlight {
  readonly #bucketMs: number;
  /** The share of a bucket that requests which begin or end in it were under way. */
  readonly #parts: number[] = [];
  /** How many more requests fill this bucket than the one before. */
  readonly #changes: number[] = [];

  constructor(bucketMs: number) {
    this.#bucketMs = bucketMs;
  }

  see(fromMs: number, untilMs: number): void {
    const [from, until] = [fromMs / this.#bucketMs, Math.max(fromMs, untilMs) / this.#bucketMs];
    const [first, last] = [Math.floor(from), Math.floor(until)];
    if (first === last) {
      add(this.#parts, first, until - from);
      return;
    }
    add(this.#parts, first, first + 1 - from);
    add(this.#parts, last, until - last);
    add(this.#changes, first + 1, 1);
    add(this.#changes, last, -1);
  }

  /** The same in buckets of twice the length. */
  coarser(): MeanInFlight {
    const coarse = new MeanInFlight(2 * this.#bucketMs);
    for (const [bucket, mean] of this.means().entries()) {
      add(coarse.#parts, Math.floor(bucket / 2), mean / 2);
    }
    return coarse;
  }

  /** By bucket, from the beginning of the run. */
  means(): readonly number[] {
    const length = Math.max(this.#parts.length, this.#changes.length);
    let whole = 0;
    return Array.from({ length }, (_, bucket) => {
      whole += this.#changes[bucket] ?? 0;
      return whole + (this.#parts[bucket] ?? 0);
    });
  }
}

function add(sums: number[], place: number, amount: number): void {
  while (sums.length <= place) sums.push(0);
  sums[place] = (sums[place] ?? 0) + amount;
}
