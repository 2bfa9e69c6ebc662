import { partAt, type RunPart } from "./run-facts.ts";

/**
 * Counts cases by repetition. A promise about a number of cases is one about a run: pooling five runs
 * must not turn one case in each into five, so the value is that of the worst run.
 */
export class PartTally {
  readonly #parts: readonly RunPart[];
  readonly #counts: number[];

  constructor(parts: readonly RunPart[]) {
    this.#parts = parts;
    this.#counts = parts.map(() => 0);
  }

  add(atMs: number): void {
    const part = partAt(this.#parts, atMs);
    this.#counts[part] = (this.#counts[part] ?? 0) + 1;
  }

  get worst(): number {
    return Math.max(...this.#counts);
  }

  /** The end of a sentence that gave the sum; empty where that says it all. */
  get described(): string {
    const runs = this.#counts.length;
    return runs === 1 || this.worst === 0 ? "" : `, at most ${this.worst} in one of ${runs} runs`;
  }
}
