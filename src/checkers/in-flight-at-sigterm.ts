import type { Exchange } from "#domain/exchange.ts";
import { mergeSpans, overlapsAny, type Span } from "#domain/exposure-windows.ts";
import type { PodLane } from "#domain/report.ts";
import type { Attributor } from "./attribution.ts";

interface Moment extends Span {
  readonly uid: string;
  readonly pod: string;
}

/**
 * How many requests each SIGTERM met in flight.
 *
 * Where its moment is not known (a preStop hook that is no sleep), it lies between the deletion and the
 * exit, and requests of that time count. A request counts unless it is known to have been at another pod.
 */
export class InFlightAtSigterm {
  readonly #moments: readonly Moment[];
  readonly #merged: readonly Span[];
  readonly #attributor: Attributor;
  readonly #counts = new Map<string, number>();

  constructor(lanes: readonly PodLane[], attributor: Attributor) {
    this.#moments = lanes.flatMap(momentOf);
    this.#merged = mergeSpans(this.#moments);
    this.#attributor = attributor;
  }

  /** Call after the attributor has seen the exchange. */
  see(exchange: Exchange): void {
    const { sentAtMs, endedAtMs, outcome, servedBy } = exchange;
    if (outcome.type === "undelivered" || !overlapsAny(this.#merged, sentAtMs, endedAtMs)) return;
    const pod = servedBy ?? this.#attributor.blame(exchange).pod;
    for (const moment of this.#moments) {
      if (moment.fromMs > endedAtMs || moment.untilMs < sentAtMs) continue;
      if (pod !== undefined && pod !== moment.pod) continue;
      this.#counts.set(moment.uid, (this.#counts.get(moment.uid) ?? 0) + 1);
    }
  }

  of(uid: string): number {
    return this.#counts.get(uid) ?? 0;
  }

  get total(): number {
    return this.#counts.values().reduce((sum, count) => sum + count, 0);
  }
}

function momentOf({ pod, termination, sigtermAtMs }: PodLane): readonly Moment[] {
  if (termination === undefined) return [];
  const { uid, deletionRequestedAtMs, exitedAtMs, goneAtMs } = termination;
  const fromMs = sigtermAtMs ?? deletionRequestedAtMs;
  return [
    {
      uid,
      pod,
      fromMs,
      untilMs: sigtermAtMs ?? exitedAtMs ?? goneAtMs ?? Number.POSITIVE_INFINITY,
    },
  ];
}
