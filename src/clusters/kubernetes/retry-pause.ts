import type { ApiCall } from "./api-connection.ts";
import type { ApiAnswer } from "./api-errors.ts";

/** Without a word of the server's own, the pauses grow from this. */
const FIRST_PAUSE_MS = 100;

/** All pauses of one request together: a restarted API server is back by then, or somebody has to look. */
const RETRY_FOR_MS = 10_000;

/** A server that fails at this request, and not only at the moment, does so again. */
const TRIES_AFTER_FAILURE = 4;

/** What became of a try: the server's answer, or the error instead of one. */
export type TryOutcome =
  | { readonly type: "answered"; readonly answer: ApiAnswer }
  | { readonly type: "broke"; readonly error: unknown };

/** How often it was tried, and how long was waited in between. */
export interface TriesSoFar {
  readonly count: number;
  readonly pausedMs: number;
}

/**
 * How long to wait before the request is sent again; undefined where its outcome stands.
 *
 * Whoever asks to wait (429) has done nothing, and a connection that was refused has carried nothing: any
 * request may go again. A lost answer or a 5xx leaves open whether the work was done. Reading again does no
 * harm; a second POST would be a second object, a second DELETE would meet the namesake of the first.
 */
export function retryPauseMs(
  call: ApiCall,
  outcome: TryOutcome,
  { count, pausedMs }: TriesSoFar,
): number | undefined {
  if (call.once === true || !isWorthRetrying(call, outcome, count)) return undefined;
  const asked = outcome.type === "answered" ? outcome.answer.retryAfterMs : undefined;
  const pauseMs = asked ?? Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), 1_000);
  return pausedMs + pauseMs > RETRY_FOR_MS ? undefined : pauseMs;
}

function isWorthRetrying({ method }: ApiCall, outcome: TryOutcome, count: number): boolean {
  if (outcome.type === "broke") {
    if (isRefusedConnection(outcome.error)) return true;
    return method === "GET" && count < TRIES_AFTER_FAILURE;
  }
  const { status } = outcome.answer;
  if (status === 429) return true;
  return method === "GET" && status >= 500 && count < TRIES_AFTER_FAILURE;
}

function isRefusedConnection(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
}
