import type { Cause } from "#advice/cause.ts";
import { casesOf, several } from "#advice/words.ts";

/** Nothing was lost, but the pod ends as Failed, and an alert or a Job may care. */
export const exitCode143: Cause = ({ leavings, everyFailure }) => {
  const met = new Set(everyFailure.map(({ leaving }) => leaving));
  const ended = leavings.flatMap((leaving) => {
    const exit = leaving.termination.exits.find(({ exitCode }) => exitCode === 143);
    return exit === undefined || met.has(leaving) ? [] : [{ leaving, exit }];
  });
  const [first] = ended;
  if (first === undefined) return undefined;
  return {
    advice: {
      cause: "exit-code-143",
      explanation:
        `${first.exit.container} ended with exit code 143 in ${ended.length} of ` +
        `${several(leavings.length, "pod")}: SIGTERM's own code, so the pod's phase becomes Failed.`,
      confidence: "proven",
      evidence: casesOf(
        ended.map(
          ({ leaving, exit }) => `${leaving.termination.pod}/${exit.container}: exit code 143`,
        ),
      ),
      fix: "Exit with 0 when the shutdown was orderly; a runtime that always ends with 143 (a JVM) is harmless.",
      hint: true,
    },
    explains: [],
  };
};
