import { HarnessError, UsageError } from "#domain/errors.ts";

const HINT = "Give the folder of a finished run, such as reports/2026-11-24T10-00-00Z-shop.";

/** What was named is no run: nothing can be wrong with it but its name. */
export class NotARunError extends UsageError {
  constructor(directory: string) {
    super("NOT_A_RUN", `There is no run in ${directory}: it has no header.json.`, { hint: HINT });
  }
}

/** The folder holds a run, and not one that this version can judge. */
export class UnreadableRunError extends HarnessError {
  constructor(directory: string, found: string, cause?: unknown) {
    super("UNREADABLE_RUN", `Could not read the run in ${directory}: ${found}`, {
      hint: HINT,
      cause,
    });
  }
}
