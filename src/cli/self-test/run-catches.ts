import type { Catch } from "./catches.ts";
import { type CatchOutcome, type CatchSurroundings, runCatch } from "./run-catch.ts";

export interface CatchPlan extends CatchSurroundings {
  /** How many run side by side: each has a cluster and a load of its own. */
  readonly jobs: number;
  readonly onOutcome: (outcome: CatchOutcome, one: Catch) => void;
}

/**
 * Runs them all, in their order, and reports each as it ends; after an error no other begins. A run that
 * proves nothing is repeated once.
 */
export async function runCatches(
  catches: readonly Catch[],
  { jobs, onOutcome, ...surroundings }: CatchPlan,
): Promise<readonly CatchOutcome[]> {
  const outcomes: CatchOutcome[] = [];
  const waiting = catches.values();
  let failed = false;
  const work = async () => {
    for (const one of waiting) {
      if (failed) return;
      const outcome = await tryTwice(one, surroundings);
      outcomes.push(outcome);
      onOutcome(outcome, one);
    }
  };
  const workers = Array.from({ length: jobs }, () =>
    work().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // Every run has to stop its cluster before the error is told.
  const settled = await Promise.allSettled(workers);
  for (const result of settled) if (result.status === "rejected") throw result.reason;
  return outcomes;
}

async function tryTwice(one: Catch, surroundings: CatchSurroundings): Promise<CatchOutcome> {
  const first = await runCatch(one, surroundings);
  if (first.type !== "void") return first;
  const second = await runCatch(one, surroundings);
  return { ...second, seconds: first.seconds + second.seconds, repeatedFor: first.objections };
}
