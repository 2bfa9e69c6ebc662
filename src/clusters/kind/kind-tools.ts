import type { Engine } from "./find-programs.ts";

/** What it takes to act on kind's clusters. */
export interface KindTools {
  readonly engine: Engine;
  /** Tells a person what goes on. */
  tell(line: string): void;
}
