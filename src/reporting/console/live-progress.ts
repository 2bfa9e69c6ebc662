import { type Disruption, describeDisruption } from "#domain/disruption.ts";
import type { PhaseName } from "#domain/phase.ts";
import type { PromiseStanding } from "#domain/promise-standing.ts";
import type { LoadProgress } from "#ports/load-driver.ts";
import { visibleLine } from "#reporting/visible-text.ts";
import type { ProgressOutput, TerminalProgress } from "./progress-output.ts";
import { RunStatus } from "./run-status.ts";
import { standingLines } from "./standing-lines.ts";
import { displayWidth } from "./text-table.ts";

/** For people: notes scroll by above a panel of a few lines that is written over and over. */
export class LiveProgress implements TerminalProgress {
  readonly #out: ProgressOutput;
  readonly #status = new RunStatus();
  #standings: readonly PromiseStanding[] = [];
  /** What stands on the terminal; empty when nothing does. */
  #shown: readonly string[] = [];

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

  recording(): void {}

  disruption(disruption: Disruption): void {
    this.note(describeDisruption(disruption));
  }

  promises(standings: readonly PromiseStanding[]): void {
    this.#standings = standings;
    this.#draw();
  }

  end(): void {
    if (this.#shown.length === 0) return;
    this.#out.write(clear(this.#shown.length));
    this.#shown = [];
  }

  #draw(): void {
    // A line that wraps cannot be written over; one cell stays free, where some terminals wrap early.
    const room = (this.#out.columns ?? 80) - 1;
    const lines = [this.#status.describe(), ...standingLines(this.#standings)];
    const shown = lines.map((line) => shorten(line, room));
    if (shown.join("\n") === this.#shown.join("\n")) return;
    this.#out.write(`${clear(this.#shown.length)}${shown.join("\n")}`);
    this.#shown = shown;
  }
}

/** From the panel's last line up to the first column of its first, and everything from there on erased. */
function clear(lines: number): string {
  return lines > 1 ? `\r\u001b[${lines - 1}A\u001b[J` : "\r\u001b[K";
}

function shorten(text: string, room: number): string {
  if (displayWidth(text) <= room) return text;
  const characters = [...text];
  while (characters.length > 0 && displayWidth(characters.join("")) > room - 1) characters.pop();
  return `${characters.join("")}…`;
}
