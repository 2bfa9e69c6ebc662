import type { IncomingMessage } from "node:http";
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

/** How a round ended: at which instant the watch was last seen alive, and why it is not any more. */
export interface RoundEnd {
  readonly atMs: number;
  readonly reason: string;
  /** Changes may be lost for good: the collection must be listed again. */
  readonly missed: boolean;
  /** The round was of no use, so trying again at once would only hammer the server. */
  readonly fruitless: boolean;
  readonly retryAfterMs?: number;
}

/** The server is asked to end each round after this long: one that does not end has silently died. */
const ROUND_SECONDS = 30;
const STALLED_AFTER_MS = (ROUND_SECONDS + 5) * 1000;

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
  const life = { lastSignMs: clock.nowMs(), heard: false };
  try {
    const response = await api.open(watchCall(round), stop);
    if (response.statusCode !== 200) return await refusedEnd(response, round);
    return await readEvents(response, round, life);
  } catch (error) {
    const stalled = ending.signal.aborted;
    return {
      atMs: stalled ? life.lastSignMs : clock.nowMs(),
      reason: wordsOf(stalled ? ending.signal.reason : error),
      missed: false,
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
  life: { lastSignMs: number; heard: boolean },
): Promise<RoundEnd> {
  const { promise, resolve, reject } = Promise.withResolvers<RoundEnd>();
  const openedAtMs = clock.nowMs();
  const lines = new JsonLines();
  opened(openedAtMs);
  life.lastSignMs = openedAtMs;
  response.on("data", (chunk: Buffer) => {
    const atMs = clock.nowMs();
    life.lastSignMs = atMs;
    life.heard = true;
    for (const line of lines.push(chunk)) {
      const parsed = parseEvent<T>(line);
      if ("end" in parsed) resolve({ ...parsed.end, atMs });
      else event(parsed, atMs);
    }
  });
  response.on("end", () => {
    const atMs = clock.nowMs();
    const fruitless = !life.heard && atMs - openedAtMs < FRUITLESS_BELOW_MS;
    resolve({ atMs, reason: "the server ended the watch", missed: false, fruitless });
  });
  response.on("error", reject);
  return promise;
}

type BadEnd = Pick<RoundEnd, "reason" | "missed" | "fruitless">;

function parseEvent<T extends ApiObject>(line: string): WatchEvent<T> | { readonly end: BadEnd } {
  let event: WatchEvent<T> | { readonly type: "ERROR"; readonly object: ApiStatus };
  try {
    event = JSON.parse(line) as typeof event; // the API server is trusted to frame its events
  } catch {
    const reason = `the server sent a line that is no JSON: ${line.slice(0, 80)}`;
    return { end: { reason, missed: true, fruitless: true } };
  }
  if (event.type !== "ERROR") return event;
  const { message, code } = event.object;
  const reason = message ?? "the server reported an error";
  return { end: { reason, missed: code === 410, fruitless: true } };
}

async function refusedEnd<T extends ApiObject>(
  response: IncomingMessage,
  { clock, target }: Round<T>,
): Promise<RoundEnd> {
  const answer = await readAnswer(response);
  const expired = answer.status === 410;
  const retryAfterSeconds = Number(response.headers["retry-after"]);
  return {
    atMs: clock.nowMs(),
    reason: expired
      ? (statusOf(answer).message ?? "the version was too old")
      : refusal(`watch ${target.resource}`, answer).message,
    missed: expired,
    fruitless: true,
    ...(retryAfterSeconds > 0 && { retryAfterMs: retryAfterSeconds * 1000 }),
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
