import type { Envelope } from "@cucumber/messages";
import type { Streams } from "#cli/command.ts";
import { EXIT_CODE, type Verdict, worstVerdict } from "#domain/verdict.ts";

/** Follows cucumber's messages and concludes one exit code for all scenarios. */
export class RunOutcome {
  readonly #verdicts: Verdict[] = [];
  #scenarios = 0;
  #usageProblem = false;
  #harnessProblem = false;
  #interrupted = false;

  see({ testCaseFinished, attachment, testStepFinished, parseError }: Envelope): void {
    if (testCaseFinished !== undefined) this.#scenarios += 1;
    if (parseError !== undefined) this.#usageProblem = true;
    if (attachment?.mediaType === "application/vnd.lastcall.result+json") {
      const { verdict } = JSON.parse(attachment.body) as { verdict: Verdict }; // attached by our own world
      this.#verdicts.push(verdict);
    }
    if (attachment?.mediaType === "application/vnd.lastcall.usage") this.#usageProblem = true;
    if (attachment?.mediaType === "application/vnd.lastcall.interrupted") this.#interrupted = true;
    const status = testStepFinished?.testStepResult.status;
    if (status === "UNDEFINED" || status === "AMBIGUOUS" || status === "PENDING") {
      this.#usageProblem = true;
    }
    const failure = testStepFinished?.testStepResult.exception?.type;
    if (status === "FAILED" && failure !== "VerdictError") this.#harnessProblem = true;
  }

  conclude({ err }: Streams): number {
    if (this.#interrupted) return EXIT_CODE.interrupted;
    if (this.#usageProblem) return EXIT_CODE.usage;
    if (this.#harnessProblem) return EXIT_CODE.harnessError;
    if (this.#scenarios === 0) {
      err.write("No scenario was run, so nothing was proven.\n");
      return EXIT_CODE.inconclusive;
    }
    if (this.#verdicts.length < this.#scenarios) {
      const unjudged = this.#scenarios - this.#verdicts.length;
      err.write(`${unjudged} of ${this.#scenarios} scenarios judged nothing.\n`);
      return EXIT_CODE[worstVerdict([...this.#verdicts, "inconclusive"])];
    }
    return EXIT_CODE[worstVerdict(this.#verdicts)];
  }
}
