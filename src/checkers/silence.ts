import type { Exchange } from "#domain/exchange.ts";
import { mergeSpans, type Span } from "#domain/exposure-windows.ts";

/** How long nothing succeeded though something was due. */
export interface Gap {
  readonly fromMs: number;
  /** Without the time in which this machine itself sent late or nothing. */
  readonly lengthMs: number;
  /** With it: what may have been the workload's. */
  readonly wholeMs: number;
}

/** So many late requests are kept apart; they overlap, so joining them leaves a few. */
const LATE_KEPT = 1_000;

/**
 * The time from one success of a stream to its next, and what was due in it.
 *
 *   success ──► (nothing is due) ──► first due ──► … gap … ──► next success
 *
 * Between two requests nothing can succeed, so the gap begins with the first that was due. Where this
 * machine stalled, the silence is its own: a late request tells from when to when.
 */
export class Silence {
  readonly fromMs: number;
  #untilMs = Number.POSITIVE_INFINITY;
  #failures = 0;
  #firstDueMs = Number.POSITIVE_INFINITY;
  #firstInTimeMs = Number.POSITIVE_INFINITY;
  /** Made for the first: there are millions of silences, and hardly one has any. */
  #late: Span[] | undefined;

  constructor(fromMs: number) {
    this.fromMs = fromMs;
  }

  get untilMs(): number {
    return this.#untilMs;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Takes an exchange that was due in it, however late it ended. */
  seeDue({ scheduledAtMs, sentAtMs, late, outcome }: Exchange): void {
    this.#firstDueMs = Math.min(this.#firstDueMs, scheduledAtMs);
    if (outcome.type === "undelivered") return;
    if (!late) {
      this.#firstInTimeMs = Math.min(this.#firstInTimeMs, sentAtMs);
      return;
    }
    this.#late ??= [];
    this.#late.push({ fromMs: scheduledAtMs, untilMs: sentAtMs });
    if (this.#late.length % LATE_KEPT === 0) this.#late = [...mergeSpans(this.#late)];
  }

  countFailure(): void {
    this.#failures += 1;
  }

  end(atMs: number): void {
    this.#untilMs = atMs;
  }

  /** Call when it has ended and every exchange that was due in it was seen. */
  get gap(): Gap {
    const wholeMs = Math.max(0, this.#untilMs - this.#firstDueMs);
    const lengthMs = wholeMs === 0 ? 0 : wholeMs - this.#ownMs();
    return { fromMs: this.#untilMs - lengthMs, lengthMs, wholeMs };
  }

  /** Until the first request was sent in time this machine had asked for nothing. */
  #ownMs(): number {
    const unasked = { fromMs: this.#firstDueMs, untilMs: this.#firstInTimeMs };
    return mergeSpans([unasked, ...(this.#late ?? [])]).reduce(
      (sum, { fromMs, untilMs }) => sum + Math.max(0, Math.min(untilMs, this.#untilMs) - fromMs),
      0,
    );
  }
}
