import { HarnessError, UsageError } from "#domain/errors.ts";
import type { Report } from "#domain/report.ts";

/** A step came before the run that it needs. */
export class NoRunError extends UsageError {
  constructor() {
    super("NO_RUN", "There is no run to judge: nothing was disturbed before this step.", {
      hint: "Put a When step such as `When a Deployment update is performed` before it.",
    });
  }
}

/** The run is judged and the answer is not `pass`: how a verdict becomes a failed step. */
export class VerdictError extends HarnessError {
  constructor({ verdict, headline, results }: Report) {
    super(`VERDICT_${verdict.toUpperCase()}`, headline, {
      hint: results
        .filter((result) => result.verdict !== "pass")
        .map(({ threshold, because }) => `${threshold.metric} ${threshold.text}: ${because}`)
        .join("\n"),
    });
  }
}

/** Ctrl-C, or SIGTERM from a supervisor: the run ends in order, and its report says that it broke off. */
export class InterruptedError extends HarnessError {
  constructor(signal: string) {
    super("INTERRUPTED", `The run was interrupted by ${signal}.`, {
      hint: "The load was drained, what was started was ended, and the report shows what was seen until then.",
    });
  }
}
