import type { Exchange } from "#domain/exchange.ts";
import type { StreamGap } from "#domain/report.ts";
import type { RunFacts } from "./run-facts.ts";

interface OpenGap {
  lastOkMs: number;
  failures: number;
  longest: { fromMs: number; lengthMs: number; failures: number };
  usualMs: number;
  successes: number;
}

/**
 * The longest time without a success, of each stream with steady arrivals.
 *
 * The ledger is written as exchanges end, so successes come in order of their ends.
 */
export class SuccessGaps {
  readonly #gaps = new Map<string, OpenGap>();
  readonly #fromMs: number;
  readonly #untilMs: number;
  readonly #firstT0Ms: number;

  constructor({ history, load, loadStartedAtMs, terminations }: RunFacts) {
    this.#fromMs = load.fromMs;
    this.#untilMs = load.untilMs;
    this.#firstT0Ms = terminations[0]?.deletionRequestedAtMs ?? Number.POSITIVE_INFINITY;
    for (const stream of history.header.load) {
      if (stream.type === "transactions") continue;
      // A stream whose answers take their time on purpose cannot succeed before that.
      const sinceMs = Math.max(load.fromMs, loadStartedAtMs + (stream.takesMs ?? 0));
      const longest = { fromMs: sinceMs, lengthMs: 0, failures: 0 };
      const gap = { lastOkMs: sinceMs, failures: 0, longest, usualMs: 0, successes: 0 };
      this.#gaps.set(stream.name, gap);
    }
  }

  see({ stream, endedAtMs, outcome }: Exchange): void {
    const gap = this.#gaps.get(stream);
    if (gap === undefined || outcome.type === "undelivered") return;
    if (endedAtMs <= this.#fromMs || gap.lastOkMs >= this.#untilMs) return;
    if (outcome.type !== "ok") {
      gap.failures += 1;
      return;
    }
    this.#extend(gap, Math.min(endedAtMs, this.#untilMs));
    gap.successes += 1;
  }

  /** Call once, when every exchange was seen: the end of the load ends the last gap. */
  finish(): readonly StreamGap[] {
    return [...this.#gaps].map(([stream, gap]) => {
      if (Number.isFinite(this.#untilMs)) this.#extend(gap, this.#untilMs);
      return { stream, ...gap.longest, usualMs: gap.usualMs };
    });
  }

  get successes(): number {
    return this.#gaps.values().reduce((sum, { successes }) => sum + successes, 0);
  }

  #extend(gap: OpenGap, untilMs: number): void {
    const lengthMs = untilMs - gap.lastOkMs;
    if (untilMs <= this.#firstT0Ms) gap.usualMs = Math.max(gap.usualMs, lengthMs);
    if (lengthMs > gap.longest.lengthMs) {
      gap.longest = { fromMs: gap.lastOkMs, lengthMs, failures: gap.failures };
    }
    gap.lastOkMs = Math.max(gap.lastOkMs, untilMs);
    gap.failures = 0;
  }
}
