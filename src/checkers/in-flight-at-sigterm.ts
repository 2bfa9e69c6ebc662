import type { Exchange } from "#domain/exchange.ts";
import { mergeSpans, overlapsAny, type Span } from "#domain/exposure-windows.ts";
import type { Termination } from "#domain/termination.ts";
import type { Attributor } from "./attribution.ts";

/** A pod's leaving, and when SIGTERM is inferred to have come; undefined where that is not known. */
export interface SignalledLeaving {
  readonly termination: Termination;
  readonly sigtermAtMs: number | undefined;
}

interface Moment extends Span {
  readonly termination: Termination;
}

/**
 * How many requests each SIGTERM met in flight.
 *
 * Where its moment is not known (a preStop hook that is no sleep), it lies between the deletion and the
 * exit, and requests of that time count. Only a request counts that named the pod, or whose connection
 * had named it before: one that names nobody may have been anywhere, and would count at every pod. A pod that
 * was killed outright got no SIGTERM; what the kill met counts.
 */
export class InFlightAtSigterm {
  readonly #moments: readonly Moment[];
  readonly #merged: readonly Span[];
  readonly #attributor: Attributor;
  readonly #counts = new Map<Termination, number>();
  #named = false;
  #nameless = 0;

  constructor(leavings: readonly SignalledLeaving[], attributor: Attributor) {
    this.#moments = leavings.map(momentOf);
    this.#merged = mergeSpans(this.#moments);
    this.#attributor = attributor;
  }

  /** Call after the attributor has seen the exchange. */
  see(exchange: Exchange): void {
    const { sentAtMs, endedAtMs, outcome, servedBy } = exchange;
    this.#named ||= servedBy !== undefined;
    if (outcome.type === "undelivered" || !overlapsAny(this.#merged, sentAtMs, endedAtMs)) return;
    const { pod, attribution, refused } = this.#attributor.blame(exchange);
    if (refused === true) return; // it was at nobody's
    if (attribution !== "proven" && attribution !== "same-connection") {
      this.#nameless += 1;
      return;
    }
    for (const moment of this.#moments) {
      if (moment.fromMs > endedAtMs || moment.untilMs < sentAtMs) continue;
      if (pod !== moment.termination.pod) continue;
      this.#counts.set(moment.termination, this.of(moment.termination) + 1);
    }
  }

  of(leaving: Termination): number {
    return this.#counts.get(leaving) ?? 0;
  }

  /** How many of the terminations met any. */
  get met(): number {
    return this.#counts.size;
  }

  /** How many requests were in flight at some SIGTERM and name no pod: any of them may have been there. */
  get nameless(): number {
    return this.#nameless;
  }

  /** Whether any request of the run named its pod; otherwise a count of 0 says nothing. */
  get named(): boolean {
    return this.#named;
  }
}

function momentOf({ termination, sigtermAtMs }: SignalledLeaving): Moment {
  const { deletionRequestedAtMs, exitedAtMs, goneAtMs, killedOutright } = termination;
  if (killedOutright !== undefined) {
    return { termination, fromMs: deletionRequestedAtMs, untilMs: deletionRequestedAtMs };
  }
  return {
    termination,
    fromMs: sigtermAtMs ?? deletionRequestedAtMs,
    untilMs: sigtermAtMs ?? exitedAtMs ?? goneAtMs ?? Number.POSITIVE_INFINITY,
  };
}
