import { type Disruption, describeDisruption } from "#domain/disruption.ts";
import type { PhaseName } from "#domain/phase.ts";
import type { LoadProgress } from "#ports/load-driver.ts";
import { visibleLine } from "#reporting/visible-text.ts";
import type { ProgressOutput, TerminalProgress } from "./progress-output.ts";
import { RunStatus } from "./run-status.ts";
import { displayWidth } from "./text-table.ts";

/** For people: notes scroll by above one line that is written over and over. */
export class LiveProgress implements TerminalProgress {
  readonly #out: ProgressOutput;
  readonly #status = new RunStatus();
  #shown = "";

  constructor(out: ProgressOutput) {
    this.#out = out;
  }

  phase(name: PhaseName, atMs: number): void {
    this.#status.enter(name, atMs);
    this.#draw();
  }

  note(text: string): void {
    this.end();
    this.#out.write(`${visibleLine(text)}\n`);
    this.#draw();
  }

  load(progress: readonly LoadProgress[], atMs: number): void {
    this.#status.addLoad(progress, atMs);
    this.#draw();
  }

  pods(states: Readonly<Record<string, number>>): void {
    this.#status.pods = states;
    this.#draw();
  }

  disruption(disruption: Disruption): void {
    this.note(describeDisruption(disruption));
  }

  end(): void {
    if (this.#shown === "") return;
    this.#out.write(CLEAR_LINE);
    this.#shown = "";
  }

  #draw(): void {
    // A line that wraps cannot be written over; one cell stays free, where some terminals wrap early.
    const room = (this.#out.columns ?? 80) - 1;
    const text = shorten(this.#status.describe(), room);
    if (text === this.#shown) return;
    this.#out.write(`${CLEAR_LINE}${text}`);
    this.#shown = text;
  }
}

/** To the first column, and everything from there on erased. */
const CLEAR_LINE = "\r\u001b[K";

function shorten(text: string, room: number): string {
  if (displayWidth(text) <= room) return text;
  const characters = [...text];
  while (characters.length > 0 && displayWidth(characters.join("")) > room - 1) characters.pop();
  return `${characters.join("")}…`;
}
