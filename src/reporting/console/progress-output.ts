import type { Progress } from "#ports/progress.ts";

/** The terminal or the log, as far as progress needs to know it. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The progress of a run as lines of a terminal, the last of which is written over while it goes on. */
export interface TerminalProgress extends Progress {
  /** Takes the live line away, so that what is written next begins on an empty one. */
  end(): void;
}
