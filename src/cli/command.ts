import type { Output } from "#harness.ts";

/** One subcommand. Resolves to the exit code; what it throws is explained by `main`. */
export interface Command {
  /** The page that `lastcall help NAME` shows. */
  readonly usage: string;
  run(args: readonly string[], streams: Streams): Promise<number>;
}

/** Where a command writes: the process's own, or what a test gives it. */
export interface Streams {
  readonly out: Output;
  readonly err: Output;
}
