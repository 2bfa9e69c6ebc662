import { type Disruption, describeDisruption } from "#domain/disruption.ts";
import type { PhaseName } from "#domain/phase.ts";
import type { LoadProgress } from "#ports/load-driver.ts";
import { visibleLine } from "#reporting/visible-text.ts";
import type { ProgressOutput, TerminalProgress } from "./progress-output.ts";
import { RunStatus } from "./run-status.ts";

/** For logs: nothing is ever taken back, so every line must be worth keeping. */
export class PlainProgress implements TerminalProgress {
  readonly #out: ProgressOutput;
  readonly #status = new RunStatus();
  #writtenAtMs = Number.NEGATIVE_INFINITY;

  constructor(out: ProgressOutput) {
    this.#out = out;
  }

  phase(name: PhaseName, atMs: number): void {
    this.#status.enter(name, atMs);
    this.#line(atMs);
  }

  note(text: string): void {
    this.#out.write(`${visibleLine(text)}\n`);
  }

  load(progress: readonly LoadProgress[], atMs: number): void {
    this.#status.addLoad(progress, atMs);
    if (atMs - this.#writtenAtMs < PLAIN_EVERY_MS) return;
    this.#line(atMs);
  }

  pods(states: Readonly<Record<string, number>>): void {
    this.#status.pods = states;
  }

  recording(): void {}

  disruption(disruption: Disruption): void {
    this.note(describeDisruption(disruption));
  }

  /** They change with every line and are judged at the end: a log keeps the answer only. */
  promises(): void {}

  /** Every line is complete already. */
  end(): void {}

  #line(atMs: number): void {
    this.#writtenAtMs = atMs;
    this.#out.write(`${this.#status.describe()}\n`);
  }
}

/** A second is what a person reads; reports that come a little early still count as the next one. */
const PLAIN_EVERY_MS = 950;
