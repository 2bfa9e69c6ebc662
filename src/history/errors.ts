import { HarnessError } from "#domain/errors.ts";

/** The folder does not hold a run that this version can judge. */
export class UnreadableRunError extends HarnessError {
  constructor(directory: string, found: string, cause?: unknown) {
    super("UNREADABLE_RUN", `Could not read the run in ${directory}: ${found}`, {
      hint: "Give the folder of a finished run, such as reports/2026-11-24T10-00-00Z-shop.",
      cause,
    });
  }
}
