import type { Exchange } from "#domain/exchange.ts";
import type { HttpStream, WebsocketStream } from "#domain/load-profile.ts";
import type { StreamGap } from "#domain/report.ts";
import type { RunFacts, RunPart } from "./run-facts.ts";
import { type Gap, Silence } from "./silence.ts";
import { cameWhileWell } from "./starved-machine.ts";

/** Beyond its time-outs an exchange may have been sent so late. */
const LATE_MS = 1_000;

/**
 * The gaps between the successes of one stream with steady arrivals.
 *
 * The ledger is written as exchanges end, so successes come in order of their ends. What was due in a gap
 * may end long after it, so a gap is settled when every such exchange must have timed out. Between two
 * repetitions no load is offered: each has its own gaps, and the worst is kept.
 */
export class StreamSuccesses {
  readonly #stream: HttpStream | WebsocketStream;
  readonly #takesMs: number;
  readonly #parts: readonly RunPart[];
  readonly #starvation: RunFacts["starvation"];
  readonly #settleAfterMs: number;
  #part: RunPart;
  #open: Silence;
  /** Ended and not settled, in their order; those that cannot be the longest are not kept. */
  #ended: Silence[] = [];
  #longest: Pick<StreamGap, "fromMs" | "lengthMs" | "failures">;
  #longestWhole: Gap;
  #longestWhileWellMs = 0;
  #usualMs = 0;
  #count = 0;

  constructor(
    stream: HttpStream | WebsocketStream,
    { parts, starvation }: Pick<RunFacts, "parts" | "starvation">,
  ) {
    const { connectMs, headersMs, bodyMs } = stream.timeouts;
    this.#stream = stream;
    this.#takesMs = "takesMs" in stream ? (stream.takesMs ?? 0) : 0;
    this.#parts = parts;
    this.#starvation = starvation;
    this.#settleAfterMs = connectMs + headersMs + bodyMs + this.#takesMs + LATE_MS;
    const [first] = parts;
    if (first === undefined) throw new TypeError("A history has at least one part.");
    this.#part = first;
    this.#open = new Silence(this.#firstAnswerMs());
    this.#longest = { fromMs: this.#open.fromMs, lengthMs: 0, failures: 0 };
    this.#longestWhole = { ...this.#longest, wholeMs: 0 };
  }

  get count(): number {
    return this.#count;
  }

  see(exchange: Exchange): void {
    const { endedAtMs, outcome } = exchange;
    this.#moveTo(endedAtMs);
    this.#place(exchange);
    const { load } = this.#part;
    if (outcome.type === "undelivered" || endedAtMs <= load.fromMs || this.#isOver()) return;
    if (outcome.type !== "ok") {
      this.#open.countFailure();
      return;
    }
    this.#count += 1;
    this.#endSilence(Math.min(endedAtMs, load.untilMs));
    this.#settle(endedAtMs - this.#settleAfterMs);
  }

  /** Call once, when every exchange was seen: the end of the load ends the last gap. */
  finish(): StreamGap {
    this.#moveTo(Number.POSITIVE_INFINITY);
    this.#endLoad();
    return { stream: this.#stream.name, ...this.#longest, usualMs: this.#usualMs };
  }

  /** The longest with the time in which this machine itself sent late or nothing; known when finished. */
  get longestWhole(): Gap {
    return this.#longestWhole;
  }

  /** The longest of which nothing fell into a starved time; known when finished. */
  get longestWhileWellMs(): number {
    return this.#longestWhileWellMs;
  }

  /** Ends the gap of each repetition that is over by then, and begins with the next. */
  #moveTo(atMs: number): void {
    while (atMs > this.#part.span.untilMs) {
      const next = this.#parts[this.#parts.indexOf(this.#part) + 1];
      if (next === undefined) return;
      this.#endLoad();
      this.#part = next;
      this.#open = new Silence(this.#firstAnswerMs());
    }
  }

  #endLoad(): void {
    const { untilMs } = this.#part.load;
    if (Number.isFinite(untilMs) && !this.#isOver()) this.#endSilence(untilMs);
    this.#settle(Number.POSITIVE_INFINITY);
  }

  #isOver(): boolean {
    return this.#open.fromMs >= this.#part.load.untilMs;
  }

  #place(exchange: Exchange): void {
    const { scheduledAtMs } = exchange;
    if (scheduledAtMs > this.#open.fromMs) {
      this.#open.seeDue(exchange);
      return;
    }
    for (let i = this.#ended.length - 1; i >= 0; i -= 1) {
      const silence = this.#ended[i];
      if (silence === undefined || silence.untilMs < scheduledAtMs) return;
      if (silence.fromMs < scheduledAtMs) {
        silence.seeDue(exchange);
        return;
      }
    }
  }

  #endSilence(atMs: number): void {
    const silence = this.#open;
    if (atMs <= silence.fromMs) return;
    silence.end(atMs);
    this.#open = new Silence(atMs);
    if (atMs - silence.fromMs > this.#knownMs(silence)) this.#ended.push(silence);
  }

  /** What is no longer than this need not be kept. */
  #knownMs(silence: Silence): number {
    const knownMs = this.#isUsual(silence) ? this.#usualMs : this.#longest.lengthMs;
    return this.#isWell(silence) ? Math.min(knownMs, this.#longestWhileWellMs) : knownMs;
  }

  #settle(beforeMs: number): void {
    const [oldest] = this.#ended;
    if (oldest === undefined || oldest.untilMs >= beforeMs) return;
    const waiting = this.#ended.findIndex(({ untilMs }) => untilMs >= beforeMs);
    const settled = waiting === -1 ? this.#ended.splice(0) : this.#ended.splice(0, waiting);
    for (const silence of settled) {
      const { failures, gap } = silence;
      const { fromMs, lengthMs, wholeMs } = gap;
      if (this.#isUsual(silence)) this.#usualMs = Math.max(this.#usualMs, lengthMs);
      if (lengthMs > this.#longest.lengthMs) this.#longest = { fromMs, lengthMs, failures };
      if (wholeMs > this.#longestWhole.wholeMs) this.#longestWhole = gap;
      if (this.#isWell(silence)) {
        this.#longestWhileWellMs = Math.max(this.#longestWhileWellMs, lengthMs);
      }
    }
  }

  /** Where the machine was never starved nobody asks, so nothing is kept for it. */
  #isWell({ fromMs, untilMs }: Silence): boolean {
    return this.#starvation !== undefined && cameWhileWell(this.#starvation, fromMs, untilMs);
  }

  /** It ended before the first pod left. */
  #isUsual({ untilMs }: Silence): boolean {
    const firstT0Ms = this.#part.terminations[0]?.deletionRequestedAtMs;
    return firstT0Ms === undefined || untilMs <= firstT0Ms;
  }

  /** A stream whose answers take their time on purpose cannot succeed before that. */
  #firstAnswerMs(): number {
    const { load, loadStartedAtMs } = this.#part;
    return Math.max(load.fromMs, loadStartedAtMs + this.#takesMs);
  }
}
