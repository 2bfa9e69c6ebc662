import type { Catch } from "./catches.ts";
import type { CatchOutcome } from "./run-catch.ts";
import { sideBySide } from "./side-by-side.ts";

/** How a number of catches is run, and who is told of each. */
export interface CatchPlan {
  readonly run: (one: Catch) => Promise<CatchOutcome>;
  /** How many run side by side: each has a cluster and a load of its own. */
  readonly jobs: number;
  readonly onOutcome: (outcome: CatchOutcome, one: Catch) => void;
}

/**
 * Runs them all and reports each as it ends; after an error no other begins. A run that proves nothing is
 * repeated once, at the end and alone: most often this machine was too busy.
 */
export async function runCatches(
  catches: readonly Catch[],
  { run, jobs, onOutcome }: CatchPlan,
): Promise<readonly CatchOutcome[]> {
  const outcomes: CatchOutcome[] = [];
  const report = (outcome: CatchOutcome, one: Catch) => {
    outcomes.push(outcome);
    onOutcome(outcome, one);
  };
  const again: { readonly one: Catch; readonly first: CatchOutcome }[] = [];
  await sideBySide(jobs, catches, async (one) => {
    const first = await run(one);
    if (first.type === "void") again.push({ one, first });
    else report(first, one);
  });
  for (const { one, first } of again) {
    const second = await run(one);
    report({ ...second, repeatedFor: first.objections }, one);
  }
  return outcomes;
}
