import { partAt, type RunFacts } from "./run-facts.ts";
import { cameWhileWell, whileWell } from "./starved-machine.ts";

/**
 * Counts cases by repetition. A promise about a number of cases is one about a run: pooling five runs
 * must not turn one case in each into five, so the value is that of the worst run.
 */
export class PartTally {
  readonly #facts: Pick<RunFacts, "parts" | "starvation">;
  readonly #counts: number[];
  readonly #wellCounts: number[];

  constructor(facts: Pick<RunFacts, "parts" | "starvation">) {
    this.#facts = facts;
    this.#counts = facts.parts.map(() => 0);
    this.#wellCounts = facts.parts.map(() => 0);
  }

  /** A case belongs to the repetition in which it began; it may have begun and ended at once. */
  add(fromMs: number, untilMs = fromMs): void {
    const { parts, starvation } = this.#facts;
    const part = partAt(parts, fromMs);
    this.#counts[part] = (this.#counts[part] ?? 0) + 1;
    if (!cameWhileWell(starvation, fromMs, untilMs)) return;
    this.#wellCounts[part] = (this.#wellCounts[part] ?? 0) + 1;
  }

  get worst(): number {
    return Math.max(...this.#counts);
  }

  /** The worst run once more, by the cases alone that came while the machine was well. */
  get whileWell() {
    const worst = Math.max(...this.#wellCounts);
    return whileWell(this.#facts.starvation, worst === 0 ? [] : [worst]);
  }

  /** The end of a sentence that gave the sum; empty where that says it all. */
  get described(): string {
    const runs = this.#counts.length;
    return runs === 1 || this.worst === 0 ? "" : `, at most ${this.worst} in one of ${runs} runs`;
  }
}
