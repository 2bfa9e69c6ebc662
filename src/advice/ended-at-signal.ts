import type { Failure } from "./failure.ts";
import { wasAtWork } from "./in-flight/was-at-work.ts";
import { EXIT_SEEN_WITHIN_MS, feltFromMs, forcedExit, type Leaving } from "./leaving.ts";

/** Who took requests with it so soon after SIGTERM had not begun to shut down. */
const AT_THE_SIGNAL_MS = 300;

/** Who still answers so long after SIGTERM, inferred or not, has not ended at it. */
const ANSWERS_ON_MS = 500;

/** Whether it was seen to exit as soon as a program that ends at SIGTERM is seen to; a killed one was not. */
export function exitedSoon(leaving: Leaving): boolean {
  const { sigtermAtMs, termination } = leaving;
  const { exitedAtMs, lastAnswerAtMs = 0 } = termination;
  if (exitedAtMs === undefined || sigtermAtMs === undefined) return false;
  if (lastAnswerAtMs - sigtermAtMs > ANSWERS_ON_MS) return false;
  return exitedAtMs - sigtermAtMs < EXIT_SEEN_WITHIN_MS && forcedExit(leaving) === undefined;
}

/**
 * Whether the signal itself ended it, whatever its exit code: 143 without a handler, 2 in Go, 1 from a
 * handler that does nothing else. A program that fails later has failed at its shutdown.
 */
export function endedAtSignal(leaving: Leaving, failures: readonly Failure[]): boolean {
  const { sigtermAtMs, termination } = leaving;
  if (sigtermAtMs === undefined || !exitedSoon(leaving)) return false;
  const slackMs = termination.deletionRequestedAtMs - feltFromMs(leaving);
  return failures.some(
    (failure) =>
      failure.leaving === leaving &&
      wasAtWork(failure) &&
      failure.endedAtMs >= sigtermAtMs - slackMs &&
      failure.endedAtMs <= sigtermAtMs + AT_THE_SIGNAL_MS,
  );
}
