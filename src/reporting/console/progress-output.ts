import type { Progress } from "#ports/progress.ts";

/** The terminal or the log, as far as progress needs to know it. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface TerminalProgress extends Progress {
  /** Takes the live line away, so that what is written next begins on an empty one. */
  end(): void;
}
