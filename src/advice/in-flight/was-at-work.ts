import type { Failure } from "#advice/failure.ts";
import { sigtermOrDeletionMs } from "#advice/leaving.ts";

/** What is younger may still have waited for the program to accept it. */
const ACCEPTED_AFTER_MS = 100;

/**
 * Whether the program surely had the request when SIGTERM came. One sent later, or just before, may have
 * waited in the queue of a listener that closed; on a busy machine it waits long enough to look like a
 * request that somebody had taken.
 */
export function wasAtWork({ kind, leaving, sentAtMs }: Failure): boolean {
  if (kind !== "cut" || leaving === undefined) return false;
  return sentAtMs + ACCEPTED_AFTER_MS <= sigtermOrDeletionMs(leaving);
}
