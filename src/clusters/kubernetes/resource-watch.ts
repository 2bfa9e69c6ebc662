import { optional } from "#domain/optional.ts";
import type { Clock } from "#ports/clock.ts";
import type { ApiCall, ApiConnection } from "./api-connection.ts";
import { refusal } from "./api-errors.ts";
import type { ApiList, ApiObject } from "./api-objects.ts";
import { type Gap, Sight } from "./sight.ts";
import type { VersionMark } from "./version-marks.ts";
import { type RoundEnd, type WatchEvent, type WatchTarget, watchRound } from "./watch-round.ts";

export type Change = "added" | "modified" | "deleted";

/** Told of every change in order, each with the instant at which its last byte arrived. */
interface WatchListener<T extends ApiObject> {
  changed(change: Change, object: T, atMs: number): void;
  gap(gap: Gap): void;
}

/** The first try after a failure is immediate; when it is of no use either, the pauses grow. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const FRUITLESS_BEFORE_LIST = 6;

/**
 * One collection, watched without a hole: list, then watch from the list's version, again at once when the
 * stream ends, with a new list when the version is too old.
 *
 *   list ──► watch ──► ended: watch on from the last version seen
 *     ▲        │       └─► 410 Gone, or refused again and again: what happened may be lost ──► gap
 *     │        └─► an event that happened before it should have come ──► gap
 *     └────────────────────────┘
 */
export class ResourceWatch<T extends ApiObject> {
  readonly #target: WatchTarget;
  readonly #listener: WatchListener<T>;
  readonly #api: ApiConnection;
  readonly #clock: Clock;
  readonly #known = new Map<string, T>();
  readonly #sight = new Sight();
  #version = "";

  constructor(
    target: WatchTarget,
    listener: WatchListener<T>,
    { api, clock }: { readonly api: ApiConnection; readonly clock: Clock },
  ) {
    this.#target = target;
    this.#listener = listener;
    this.#api = api;
    this.#clock = clock;
  }

  /** Reports what is there and was not known, what is different, and what has gone since the last list. */
  async list(signal: AbortSignal): Promise<void> {
    this.#takeList(await this.#api.json<ApiList<T>>(this.#listCall(), signal));
  }

  #listCall(): ApiCall {
    const { resource, path, query } = this.#target;
    return { attempt: `list ${resource}`, method: "GET", path, query };
  }

  #takeList({ items, metadata }: ApiList<T>): void {
    const atMs = this.#clock.nowMs();
    this.#version = metadata.resourceVersion;
    this.#sight.knows(atMs);
    this.#regain(atMs);
    const listed = new Map((items ?? []).map((item) => [item.metadata.uid, item]));
    for (const [uid, last] of this.#known) {
      if (!listed.has(uid)) this.#report("deleted", last, atMs);
    }
    for (const [uid, item] of listed) {
      const known = this.#known.get(uid)?.metadata.resourceVersion;
      if (known === item.metadata.resourceVersion) continue;
      this.#report(known === undefined ? "added" : "modified", item, atMs);
    }
  }

  /** Which version the cluster had at a moment: an event that should have come by then came late. */
  mark(mark: VersionMark): void {
    this.#sight.mark(mark);
  }

  /** Watches until the signal aborts, and never throws; having been blind is reported as a gap. */
  async follow(signal: AbortSignal): Promise<void> {
    let mustList = this.#version === "";
    let fruitless = 0;
    while (!signal.aborted) {
      const end: RoundEnd | undefined = mustList
        ? await this.#listAgain(signal)
        : await this.#watch(signal);
      if (end === undefined) {
        mustList = false;
        continue;
      }
      if (signal.aborted) break;
      fruitless = end.fruitless ? fruitless + 1 : 0;
      // A version that is refused time after time may be one that the server will never know again.
      mustList ||= end.missed || fruitless >= FRUITLESS_BEFORE_LIST;
      this.#sight.lose({ ...end, missed: mustList });
      const pauseMs = end.retryAfterMs ?? pauseAfter(fruitless);
      if (pauseMs > 0) await this.#clock.sleep(pauseMs, signal).catch(() => undefined);
    }
    this.#regain(this.#clock.nowMs());
    this.#tellGap(this.#sight.end(this.#clock.nowMs()));
  }

  /** Undefined when the list was read; it stays due otherwise. */
  async #listAgain(signal: AbortSignal): Promise<RoundEnd | undefined> {
    const failed = { missed: true, unnoticed: false, fruitless: true };
    const call = { ...this.#listCall(), once: true }; // who follows tries again by itself
    try {
      const answer = await this.#api.request(call, signal);
      if (answer.status === 200 && answer.body !== undefined) {
        this.#takeList(answer.body as ApiList<T>); // the server is trusted to serve the list
        return undefined;
      }
      const { message: reason } = refusal(call.attempt, answer);
      const retryAfter = optional("retryAfterMs", answer.retryAfterMs);
      return { ...failed, atMs: this.#clock.nowMs(), reason, ...retryAfter };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { ...failed, atMs: this.#clock.nowMs(), reason };
    }
  }

  #watch(signal: AbortSignal): Promise<RoundEnd> {
    const round = {
      target: this.#target,
      fromVersion: this.#version,
      api: this.#api,
      clock: this.#clock,
      opened: (atMs: number) => this.#regain(atMs),
      event: (event: WatchEvent<T>, atMs: number) => this.#take(event, atMs),
    };
    return watchRound(round, signal);
  }

  #take(event: WatchEvent<T>, atMs: number): void {
    this.#version = event.object.metadata.resourceVersion;
    if (event.type !== "BOOKMARK") this.#tellGap(this.#sight.cameLate(this.#version, atMs));
    this.#sight.knows(atMs);
    switch (event.type) {
      case "BOOKMARK":
        return;
      case "ADDED":
      case "MODIFIED": {
        const known = this.#known.has(event.object.metadata.uid);
        this.#report(known ? "modified" : "added", event.object, atMs);
        return;
      }
      case "DELETED":
        this.#report("deleted", event.object, atMs);
        return;
    }
  }

  #report(change: Change, object: T, atMs: number): void {
    if (change === "deleted") this.#known.delete(object.metadata.uid);
    else this.#known.set(object.metadata.uid, object);
    this.#listener.changed(change, object, atMs);
  }

  #regain(atMs: number): void {
    this.#tellGap(this.#sight.regain(atMs));
  }

  #tellGap(gap: Gap | undefined): void {
    if (gap !== undefined) this.#listener.gap(gap);
  }
}

function pauseAfter(fruitless: number): number {
  if (fruitless <= 1) return 0;
  return Math.min(FIRST_PAUSE_MS * 2 ** (fruitless - 2), LONGEST_PAUSE_MS);
}
