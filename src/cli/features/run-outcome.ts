import type { Envelope } from "@cucumber/messages";
import type { Streams } from "#cli/command.ts";
import { EXIT_CODE, type Verdict, worstVerdict } from "#domain/verdict.ts";

/** The errors by which a step or hook says what became of the question; the harness itself did its work. */
const ABOUT_THE_VERDICT: ReadonlySet<string | undefined> = new Set([
  "VerdictError",
  "NotJudgedError",
]);

/** Follows cucumber's messages and concludes one exit code for all scenarios. */
export class RunOutcome {
  /** Of each scenario by its own: one that judged twice does not speak for one that never did. */
  readonly #verdicts = new Map<string, Verdict[]>();
  #usageProblem = false;
  #harnessProblem = false;
  #interrupted = false;

  see({ testCaseStarted, attachment, testStepFinished, parseError }: Envelope): void {
    if (testCaseStarted !== undefined) this.#verdicts.set(testCaseStarted.id, []);
    if (parseError !== undefined) this.#usageProblem = true;
    if (attachment?.mediaType === "application/vnd.lastcall.result+json") {
      const { verdict } = JSON.parse(attachment.body) as { verdict: Verdict }; // attached by our own world
      this.#verdicts.get(attachment.testCaseStartedId ?? "")?.push(verdict);
    }
    if (attachment?.mediaType === "application/vnd.lastcall.usage") this.#usageProblem = true;
    if (attachment?.mediaType === "application/vnd.lastcall.interrupted") this.#interrupted = true;
    const status = testStepFinished?.testStepResult.status;
    if (status === "UNDEFINED" || status === "AMBIGUOUS" || status === "PENDING") {
      this.#usageProblem = true;
    }
    const failure = testStepFinished?.testStepResult.exception?.type;
    if (status === "FAILED" && !ABOUT_THE_VERDICT.has(failure)) this.#harnessProblem = true;
  }

  /** Where the runs were only planned, no verdict is missing. */
  conclude({ err }: Streams, { planned = false }: { readonly planned?: boolean } = {}): number {
    if (this.#interrupted) return EXIT_CODE.interrupted;
    if (this.#usageProblem) return EXIT_CODE.usage;
    if (this.#harnessProblem) return EXIT_CODE.harnessError;
    if (planned) return EXIT_CODE.pass;
    const scenarios = [...this.#verdicts.values()];
    if (scenarios.length === 0) {
      err.write("No scenario was run, so nothing was proven.\n");
      return EXIT_CODE.inconclusive;
    }
    const unjudged = scenarios.filter((verdicts) => verdicts.length === 0).length;
    if (unjudged > 0) err.write(`${unjudged} of ${scenarios.length} scenarios judged nothing.\n`);
    return EXIT_CODE[worstVerdict(scenarios.map(worstVerdict))];
  }
}
