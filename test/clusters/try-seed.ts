import { runWatchTrial, type TrialOptions, type TrialResult } from "./watch-trial.ts";

/** A process that is this late itself proves nothing, and tries the seed again. */
const LATE_MS = 250;
const TRIES = 3;

/** The machine may have been to blame, not the watch. */
export function isVoid({ problems, lagMs }: TrialResult): boolean {
  return problems.length > 0 && lagMs > LATE_MS;
}

/** The trial of a seed, again where it was void; the last is what it is. */
export async function trySeed(
  options: TrialOptions,
  onVoid: (result: TrialResult) => void,
): Promise<TrialResult> {
  for (let tries = 1; ; tries += 1) {
    const result = await runWatchTrial({ ...options, name: `${options.seed}-${tries}` });
    if (!isVoid(result) || tries === TRIES) return result;
    onVoid(result);
  }
}
