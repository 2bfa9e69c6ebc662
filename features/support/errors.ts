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

/** A second Given or When: the first run would be disturbed twice, or its cluster left behind. */
export class SecondRunError extends UsageError {
  constructor(code: "SECOND_WORKLOAD" | "SECOND_DISRUPTION", already: string) {
    super(code, `This scenario has ${already}; one scenario is one run.`, {
      hint: "Put the second one into a scenario of its own.",
    });
  }
}

/** A run was made and nothing was asked of it: without this, the scenario would look like one that passed. */
export class NotJudgedError extends HarnessError {
  constructor(directory: string) {
    super("NOT_JUDGED", `The run in ${directory} was never judged, so it proves nothing.`, {
      hint: [
        "Put a Then step such as `Then the monitored metrics should satisfy:` and its table after the When step,",
        `or judge this run now: lastcall check ${directory} --threshold "request error rate <0.1%".`,
      ].join("\n"),
    });
  }
}

/** The same, seen before the run: it would prove nothing. */
export class NeverJudgedError extends UsageError {
  constructor() {
    super("NOT_JUDGED", "This scenario disturbs its workload and asks nothing of it.", {
      hint: "Put a Then step such as `Then the monitored metrics should satisfy:` and its table after the When step.",
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
