import { UsageError } from "#domain/errors.ts";

/** What is looked at, and who is told. */
interface Watch {
  readonly look: () => UsageError | "reached" | "silent";
  /** For so long it has to be the same way wrong. */
  readonly patienceMs: number;
  readonly onGivenUp: (reason: UsageError) => void;
}

const PAUSE_MS = 500;

/**
 * Looks where a program listens until that is right, and gives it up when that stays wrong: it would be asked in
 * vain until the deadline. The one who stops it is the one who has started it.
 */
export function watchListeners({ look, patienceMs, onGivenUp }: Watch): { stop(): void } {
  let wrongLooks = 0;
  const timer = setInterval(() => {
    const seen = look();
    wrongLooks = seen instanceof UsageError ? wrongLooks + 1 : 0;
    const isGivenUp = seen instanceof UsageError && wrongLooks * PAUSE_MS >= patienceMs;
    if (seen === "reached" || isGivenUp) clearInterval(timer);
    if (isGivenUp) onGivenUp(seen);
  }, PAUSE_MS);
  return { stop: () => clearInterval(timer) };
}
