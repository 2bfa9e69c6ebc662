import type { Exchange } from "#domain/exchange.ts";
import type { FailureMark } from "#domain/report.ts";
import type { Attributor, Blame } from "./attribution.ts";

/** A report draws this many marks at most; the ledger beside it has them all. */
const MARK_LIMIT = 5_000;

/**
 * Collects the failed exchanges for the timeline, each with the pod it is blamed on. Streams are read one
 * after the other, so each has a share of its own: the first would leave no room for the last.
 */
export class FailureMarks {
  readonly #marks: FailureMark[] = [];
  readonly #counts = new Map<string, number>();
  readonly #attributor: Attributor;
  readonly #limitPerStream: number;

  constructor(attributor: Attributor, streams: number) {
    this.#attributor = attributor;
    this.#limitPerStream = Math.floor(MARK_LIMIT / Math.max(1, streams));
  }

  see(exchange: Exchange): void {
    const { outcome, stream } = exchange;
    if (outcome.type === "ok" || outcome.type === "undelivered") return;
    const count = this.#counts.get(stream) ?? 0;
    if (count >= this.#limitPerStream) return;
    this.#counts.set(stream, count + 1);
    this.#marks.push(...failureMark(exchange, this.#attributor.blame(exchange)));
  }

  get marks(): readonly FailureMark[] {
    return this.#marks;
  }
}

/** None of an exchange that did not fail, or that was never sent. */
export function failureMark(exchange: Exchange, blame: Blame): readonly FailureMark[] {
  const { outcome, stream, seq, endedAtMs } = exchange;
  if (outcome.type === "ok" || outcome.type === "undelivered") return [];
  const { reason, status } = outcome;
  const seen = { stream, seq, atMs: endedAtMs, reason, ...(status !== undefined && { status }) };
  return [{ ...seen, ...blame, exchange }];
}
