import type { IncomingMessage } from "node:http";
import { optional } from "#domain/optional.ts";
import type { Clock } from "#ports/clock.ts";
import { type ApiCall, type ApiConnection, readAnswer } from "./api-connection.ts";
import { refusal, statusOf } from "./api-errors.ts";
import type { ApiObject, ApiStatus } from "./api-objects.ts";
import { JsonLines } from "./json-lines.ts";

/** What to watch: a collection, narrowed by selectors. */
export interface WatchTarget {
  /** The plural, for reports: `pods`. */
  readonly resource: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** One line of a watch that moves it on. */
export type WatchEvent<T extends ApiObject> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | { readonly type: "BOOKMARK"; readonly object: ApiObject };

interface Round<T extends ApiObject> {
  readonly target: WatchTarget;
  readonly fromVersion: string;
  readonly api: ApiConnection;
  readonly clock: Clock;
  opened(atMs: number): void;
  /** `atMs` is the arrival of the event's last byte, taken before anything is parsed. */
  event(event: WatchEvent<T>, atMs: number): void;
}

/** How a round ended: when, and why the watch does not live any more. */
export interface RoundEnd {
  readonly atMs: number;
  readonly reason: string;
  /** It had died before, nobody knows when. */
  readonly unnoticed: boolean;
  /** Changes may be lost for good: the collection must be listed again. */
  readonly missed: boolean;
  /** It lasted as long as it was asked to. */
  readonly routine?: boolean;
  /** The round was of no use, so trying again at once would only hammer the server. */
  readonly fruitless: boolean;
  readonly retryAfterMs?: number;
}

/** The server is asked to end each round after this long: one that does not end has silently died. */
const ROUND_SECONDS = 10;
/** The server and we do not count from the same moment. */
const WHOLE_ROUND_MS = (ROUND_SECONDS - 1) * 1000;
const STALLED_AFTER_MS = (ROUND_SECONDS + 2) * 1000;

/** A stream that ended this soon without a word was of no use. */
const FRUITLESS_BELOW_MS = 1_000;

/** Watches once, from a version until the stream ends for whatever reason; never throws. */
export async function watchRound<T extends ApiObject>(
  round: Round<T>,
  signal: AbortSignal,
): Promise<RoundEnd> {
  const { api, clock } = round;
  const ending = new AbortController();
  const stop = AbortSignal.any([signal, ending.signal]);
  clock.sleep(STALLED_AFTER_MS, stop).then(
    () => ending.abort(new Error("the watch fell silent")),
    () => undefined, // the round ended in time
  );
  try {
    const response = await api.open(watchCall(round), stop);
    if (response.statusCode !== 200) return await refusedEnd(response, round);
    return await readEvents(response, round);
  } catch (error) {
    const stalled = ending.signal.aborted;
    return {
      atMs: clock.nowMs(),
      reason: wordsOf(stalled ? ending.signal.reason : error),
      missed: false,
      unnoticed: stalled,
      fruitless: !stalled,
    };
  } finally {
    ending.abort(); // cuts the response if it is still open, and frees the timer
  }
}

function watchCall<T extends ApiObject>({ target, fromVersion }: Round<T>): ApiCall {
  return {
    attempt: `watch ${target.resource}`,
    method: "GET",
    path: target.path,
    query: {
      ...target.query,
      watch: "true",
      resourceVersion: fromVersion,
      allowWatchBookmarks: "true",
      timeoutSeconds: String(ROUND_SECONDS),
    },
  };
}

function readEvents<T extends ApiObject>(
  response: IncomingMessage,
  { clock, opened, event }: Round<T>,
): Promise<RoundEnd> {
  const { promise, resolve, reject } = Promise.withResolvers<RoundEnd>();
  const openedAtMs = clock.nowMs();
  const lines = new JsonLines();
  let heard = false;
  opened(openedAtMs);
  response.on("data", (chunk: Buffer) => {
    const atMs = clock.nowMs();
    heard = true;
    for (const line of lines.push(chunk)) {
      const parsed = parseEvent<T>(line);
      if ("end" in parsed) return resolve({ ...parsed.end, atMs, unnoticed: false });
      event(parsed, atMs);
    }
  });
  response.on("end", () => {
    const atMs = clock.nowMs();
    const fruitless = !heard && atMs - openedAtMs < FRUITLESS_BELOW_MS;
    const reason = "the server ended the watch";
    const routine = atMs - openedAtMs >= WHOLE_ROUND_MS;
    resolve({ atMs, reason, missed: false, unnoticed: false, routine, fruitless });
  });
  response.on("error", reject);
  return promise;
}

type BadEnd = Pick<RoundEnd, "reason" | "missed" | "fruitless">;

function parseEvent<T extends ApiObject>(line: string): WatchEvent<T> | { readonly end: BadEnd } {
  const { type, object } = parseLine<T>(line);
  if (type === "ERROR") {
    const { message, code } = object as ApiStatus;
    const reason = message ?? "the server reported an error";
    return { end: { reason, missed: code === 410, fruitless: true } };
  }
  // What the server tells of has a version; whatever else stands there, a proxy's page or half a line, has none.
  if (type !== undefined && (object as T | undefined)?.metadata?.resourceVersion !== undefined) {
    return { type, object } as WatchEvent<T>;
  }
  const reason = `the server sent a line that is no event: ${line.slice(0, 80)}`;
  return { end: { reason, missed: true, fruitless: true } };
}

function parseLine<T>(line: string): { readonly type?: string; readonly object?: T | ApiStatus } {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

async function refusedEnd<T extends ApiObject>(
  response: IncomingMessage,
  { clock, target }: Round<T>,
): Promise<RoundEnd> {
  const answer = await readAnswer(response);
  // 504 is said of a version that the server has not reached: it was replaced, or lost its memory.
  const unknown = answer.status === 410 || answer.status === 504;
  const { message } = statusOf(answer);
  return {
    atMs: clock.nowMs(),
    reason:
      unknown && message !== undefined
        ? message
        : refusal(`watch ${target.resource}`, answer).message,
    missed: unknown,
    unnoticed: false,
    fruitless: true,
    ...optional("retryAfterMs", answer.retryAfterMs),
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
