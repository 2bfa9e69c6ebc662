import type { Exchange } from "#domain/exchange.ts";
import type { StreamGap } from "#domain/report.ts";
import type { RunFacts, RunPart } from "./run-facts.ts";

interface OpenGap {
  /** A stream whose answers take their time on purpose cannot succeed before that. */
  readonly takesMs: number;
  /** Its place among the parts of the history. */
  part: number;
  lastOkMs: number;
  failures: number;
  longest: { fromMs: number; lengthMs: number; failures: number };
  usualMs: number;
  successes: number;
}

/**
 * The longest time without a success, of each stream with steady arrivals.
 *
 * The ledger is written as exchanges end, so successes come in order of their ends. Between two
 * repetitions no load is offered: each has its own gaps, and the worst is kept.
 */
export class SuccessGaps {
  readonly #gaps = new Map<string, OpenGap>();
  readonly #parts: readonly RunPart[];

  constructor({ history, parts }: RunFacts) {
    this.#parts = parts;
    for (const stream of history.header.load) {
      if (stream.type === "transactions") continue;
      const takesMs = stream.takesMs ?? 0;
      const lastOkMs = firstAnswerMs(parts[0], takesMs);
      const longest = { fromMs: lastOkMs, lengthMs: 0, failures: 0 };
      const counts = { failures: 0, usualMs: 0, successes: 0 };
      this.#gaps.set(stream.name, { takesMs, part: 0, lastOkMs, longest, ...counts });
    }
  }

  see({ stream, endedAtMs, outcome }: Exchange): void {
    const gap = this.#gaps.get(stream);
    if (gap === undefined || outcome.type === "undelivered") return;
    this.#moveTo(endedAtMs, gap);
    const { load } = this.#partOf(gap);
    if (endedAtMs <= load.fromMs || gap.lastOkMs >= load.untilMs) return;
    if (outcome.type !== "ok") {
      gap.failures += 1;
      return;
    }
    this.#extend(gap, Math.min(endedAtMs, load.untilMs));
    gap.successes += 1;
  }

  /** Call once, when every exchange was seen: the end of the load ends the last gap. */
  finish(): readonly StreamGap[] {
    return [...this.#gaps].map(([stream, gap]) => {
      this.#moveTo(Number.POSITIVE_INFINITY, gap);
      this.#endLoad(gap);
      return { stream, ...gap.longest, usualMs: gap.usualMs };
    });
  }

  get successes(): number {
    return this.#gaps.values().reduce((sum, { successes }) => sum + successes, 0);
  }

  /** Ends the gap of each repetition that is over by then, and begins with the next. */
  #moveTo(atMs: number, gap: OpenGap): void {
    while (atMs > this.#partOf(gap).span.untilMs) {
      const next = this.#parts[gap.part + 1];
      if (next === undefined) return;
      this.#endLoad(gap);
      gap.part += 1;
      gap.lastOkMs = firstAnswerMs(next, gap.takesMs);
      gap.failures = 0;
    }
  }

  #endLoad(gap: OpenGap): void {
    const { untilMs } = this.#partOf(gap).load;
    if (Number.isFinite(untilMs)) this.#extend(gap, untilMs);
  }

  #extend(gap: OpenGap, untilMs: number): void {
    const firstT0Ms = this.#partOf(gap).terminations[0]?.deletionRequestedAtMs;
    const lengthMs = untilMs - gap.lastOkMs;
    if (firstT0Ms === undefined || untilMs <= firstT0Ms) {
      gap.usualMs = Math.max(gap.usualMs, lengthMs);
    }
    if (lengthMs > gap.longest.lengthMs) {
      gap.longest = { fromMs: gap.lastOkMs, lengthMs, failures: gap.failures };
    }
    gap.lastOkMs = Math.max(gap.lastOkMs, untilMs);
    gap.failures = 0;
  }

  #partOf({ part }: OpenGap): RunPart {
    const found = this.#parts[part];
    if (found === undefined) throw new TypeError(`The history has no part ${part}.`);
    return found;
  }
}

function firstAnswerMs(part: RunPart | undefined, takesMs: number): number {
  return part === undefined ? 0 : Math.max(part.load.fromMs, part.loadStartedAtMs + takesMs);
}
