import type { DataPathWord } from "#domain/data-path-word.ts";
import type { Observation } from "#domain/observation.ts";
import type { Phase, PhaseName } from "#domain/phase.ts";
import type { Clock } from "#ports/clock.ts";
import type { RunWriter } from "#ports/run-store.ts";

/**
 * Records; never decides. What is observed before the run's folder exists (the workload's start) is kept
 * and written first when it does.
 */
export class Recorder {
  readonly #clock: Clock;
  readonly #phases: Phase[] = [];
  #early: Observation[] = [];
  #writer: RunWriter | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  observe(observation: Observation): void {
    if (this.#writer === undefined) this.#early.push(observation);
    else this.#writer.observe(observation);
  }

  /** Heard only while the folder is there, which the load's own ledger needs as well. */
  hear(word: DataPathWord): void {
    this.#writer?.hear(word);
  }

  writeTo(writer: RunWriter): void {
    this.#writer = writer;
    for (const observation of this.#early) writer.observe(observation);
    this.#early = [];
  }

  /** Ends the phase before, if one is open. `demandedMs` is what the scenario itself asks to wait. */
  beginPhase(name: PhaseName, demandedMs = 0): void {
    this.endPhase();
    this.#phases.push({ name, startedAtMs: this.#clock.nowMs(), demandedMs });
  }

  endPhase(): void {
    const open = this.#phases.at(-1);
    if (open === undefined || open.endedAtMs !== undefined) return;
    this.#phases[this.#phases.length - 1] = { ...open, endedAtMs: this.#clock.nowMs() };
  }

  get phases(): readonly Phase[] {
    return this.#phases;
  }
}
