import type { Exchange } from "#domain/exchange.ts";
import type { FailureMark } from "#domain/report.ts";
import type { Attributor } from "./attribution.ts";

/** A report draws this many marks at most; the ledger beside it has them all. */
const MARK_LIMIT = 5_000;

/** Collects the failed exchanges for the timeline, each with the pod it is blamed on. */
export class FailureMarks {
  readonly #marks: FailureMark[] = [];
  readonly #attributor: Attributor;

  constructor(attributor: Attributor) {
    this.#attributor = attributor;
  }

  see(exchange: Exchange): void {
    const { outcome, stream, seq, endedAtMs } = exchange;
    if (outcome.type === "ok" || outcome.type === "undelivered") return;
    if (this.#marks.length >= MARK_LIMIT) return;
    this.#marks.push({
      stream,
      seq,
      atMs: endedAtMs,
      reason: outcome.reason,
      ...(outcome.status !== undefined && { status: outcome.status }),
      ...this.#attributor.blame(exchange),
      exchange,
    });
  }

  get marks(): readonly FailureMark[] {
    return this.#marks;
  }
}
