/**
 * The screen of a terminal as far as our own panel uses one: text, line ends, the way up, erasing. Colours are left
 * out. It turns what a run wrote to a terminal into what somebody saw.
 */
export class TerminalScreen {
  #lines: string[] = [""];
  #row = 0;
  #column = 0;
  /** A control sequence that has not ended yet. */
  #rest = "";

  write(text: string): void {
    const whole = this.#rest + text;
    const cut = UNFINISHED.exec(whole)?.index ?? whole.length;
    this.#rest = whole.slice(cut);
    for (const [part] of whole.slice(0, cut).matchAll(PARTS)) {
      if (part === "\r") this.#column = 0;
      else if (part === "\n") this.#lineFeed();
      else if (part.startsWith(ESCAPE)) this.#control(part);
      else this.#put(part);
    }
  }

  /** The last lines, as many as a terminal of that height shows. */
  rows(height: number): readonly string[] {
    return this.#lines.slice(-height);
  }

  #lineFeed(): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row === this.#lines.length) this.#lines.push("");
  }

  #put(character: string): void {
    const line = this.#lines[this.#row] ?? "";
    const before = line.slice(0, this.#column).padEnd(this.#column);
    this.#lines[this.#row] = before + character + line.slice(this.#column + 1);
    this.#column += 1;
  }

  #control(sequence: string): void {
    const count = Number(sequence.slice(2, -1) || "1");
    if (sequence.endsWith("A")) this.#row = Math.max(0, this.#row - count);
    if (sequence.endsWith("K") || sequence.endsWith("J")) {
      this.#lines[this.#row] = (this.#lines[this.#row] ?? "").slice(0, this.#column);
    }
    if (sequence.endsWith("J")) this.#lines.length = this.#row + 1;
  }
}

const ESCAPE = "\u001b";
const UNFINISHED = new RegExp(`${ESCAPE}(?:\\[[\\d;?]*)?$`);
/** A whole control sequence, or one character. */
const PARTS = new RegExp(`${ESCAPE}\\[[\\d;?]*[A-Za-z]|[^]`, "gu");
