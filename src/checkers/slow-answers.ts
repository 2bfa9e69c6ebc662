import type { Exchange } from "#domain/exchange.ts";
import { overlapsAny, type Span } from "#domain/exposure-windows.ts";
import type { Phase, PhaseName } from "#domain/phase.ts";
import type { SlowMark } from "#domain/report.ts";

/** Chance alone makes one answer a little slower than all before it; twice as slow needs a reason. */
const TIMES_THE_SLOWEST = 2;

/** More of one stream would hide the failures among which they are drawn. */
const MOST_OF_A_STREAM = 200;

interface Stream {
  /** The slowest good answer of the control phase. */
  usualMs: number | undefined;
  readonly slowest: Exchange[];
}

/**
 * Good answers that took more than twice as long as the slowest of their stream before any disruption.
 * Without a control phase nothing is known to be slow.
 */
export class SlowAnswers {
  readonly #streams = new Map<string, Stream>();
  #control: readonly Span[] = [];
  #warmUp: readonly Span[] = [];

  constructor(phases: readonly Phase[]) {
    this.seePhases(phases);
  }

  /** The phases as far as they have come, where the run goes on; one without an end is over as it begins. */
  seePhases(phases: readonly Phase[]): void {
    const spansOf = (phase: PhaseName) =>
      phases
        .filter(({ name }) => name === phase)
        .map(({ startedAtMs: fromMs, endedAtMs = fromMs }) => ({ fromMs, untilMs: endedAtMs }));
    this.#control = spansOf("control");
    this.#warmUp = spansOf("warm-up");
  }

  see(exchange: Exchange): void {
    const { stream, scheduledAtMs, outcome } = exchange;
    if (outcome.type !== "ok") return;
    if (overlapsAny(this.#warmUp, scheduledAtMs, scheduledAtMs)) return; // slow as everything that starts
    const found = this.#streams.get(stream) ?? { usualMs: undefined, slowest: [] };
    this.#streams.set(stream, found);
    if (overlapsAny(this.#control, scheduledAtMs, scheduledAtMs)) {
      found.usualMs = Math.max(found.usualMs ?? 0, latencyOf(exchange));
    } else {
      keepIfSlow(exchange, found);
    }
  }

  marks(): readonly SlowMark[] {
    return [...this.#streams.values()]
      .flatMap(({ usualMs, slowest }) => {
        if (usualMs === undefined) return [];
        return bySlowness(slowest)
          .slice(0, MOST_OF_A_STREAM)
          .filter((exchange) => latencyOf(exchange) > TIMES_THE_SLOWEST * usualMs);
      })
      .map((exchange) => ({
        stream: exchange.stream,
        seq: exchange.seq,
        atMs: exchange.endedAtMs,
        latencyMs: latencyOf(exchange),
        ...(exchange.servedBy !== undefined && { pod: exchange.servedBy }),
        exchange,
      }));
  }
}

/** The control phase may have been read already, or not: the ledger is in the order of ends. */
function keepIfSlow(exchange: Exchange, { usualMs = 0, slowest }: Stream): void {
  if (latencyOf(exchange) <= TIMES_THE_SLOWEST * usualMs) return;
  slowest.push(exchange);
  if (slowest.length < 4 * MOST_OF_A_STREAM) return;
  slowest.splice(0, slowest.length, ...bySlowness(slowest).slice(0, MOST_OF_A_STREAM));
}

function bySlowness(exchanges: readonly Exchange[]): readonly Exchange[] {
  return exchanges.toSorted((a, b) => latencyOf(b) - latencyOf(a));
}

function latencyOf({ scheduledAtMs, endedAtMs }: Exchange): number {
  return endedAtMs - scheduledAtMs;
}
