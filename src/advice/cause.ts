import type { Advice } from "#domain/report.ts";
import type { Clues } from "./clues.ts";
import type { Failure } from "./failure.ts";
import type { ForcedKill } from "./forced-kill.ts";

/** One way in which a shutdown goes wrong: looks for its own traces in a report and names the change. */
export type Cause = (clues: Clues) => Finding | undefined;

/** The advice, and the failures and forced kills that it explains: no later cause sees those again. */
export interface Finding {
  readonly advice: Advice;
  readonly explains: readonly Failure[];
  readonly kills?: readonly ForcedKill[];
}
