import type { Exchange } from "#domain/exchange.ts";
import type { Leavings } from "#domain/leavings.ts";
import type { PodLives } from "#domain/pod-lives.ts";
import type { Termination } from "#domain/termination.ts";

/** What reached one pod and what it answered; absent when nothing did. */
export interface Arrivals {
  /** The last new connection after its deletion had been requested. */
  readonly lastNewConnectionAtMs?: number;
  /** The last request after that on a connection opened earlier. */
  readonly lastReusedRequestAtMs?: number;
  readonly firstAnswerAtMs?: number;
  readonly lastAnswerAtMs?: number;
}

/** All that is known of one pod until its leaving is over; infinite where nothing is, so that the latest and earliest are plain comparisons. */
class Visits {
  readonly #requestedAtMs: number;
  #lastNewConnectionAtMs = Number.NEGATIVE_INFINITY;
  #lastReusedRequestAtMs = Number.NEGATIVE_INFINITY;
  #firstAnswerAtMs = Number.POSITIVE_INFINITY;
  #lastAnswerAtMs = Number.NEGATIVE_INFINITY;
  /** Of the new connections, by the point from which they were opened. */
  readonly lastByVantage = new Map<number, number>();
  /** It leaves, and a new connection to it was seen, by its own name or by the data path's word. */
  isKnown = false;

  constructor(termination: Termination | undefined) {
    this.#requestedAtMs = termination?.deletionRequestedAtMs ?? Number.POSITIVE_INFINITY;
  }

  see(exchange: Exchange, vantage: number): void {
    const { connection, sentAtMs, endedAtMs } = exchange;
    if (endedAtMs < this.#firstAnswerAtMs) this.#firstAnswerAtMs = endedAtMs;
    if (endedAtMs > this.#lastAnswerAtMs) this.#lastAnswerAtMs = endedAtMs;
    if (connection === "reused") {
      if (sentAtMs >= this.#requestedAtMs && sentAtMs > this.#lastReusedRequestAtMs)
        this.#lastReusedRequestAtMs = sentAtMs;
      return;
    }
    this.arrive(exchange, vantage);
  }

  /** A new connection came to it, whatever became of that. */
  arrive({ connectedAtMs, sentAtMs }: Exchange, vantage: number): void {
    this.isKnown = Number.isFinite(this.#requestedAtMs);
    const arrivedAtMs = connectedAtMs ?? sentAtMs;
    if (arrivedAtMs < this.#requestedAtMs) return;
    this.#lastNewConnectionAtMs = Math.max(this.#lastNewConnectionAtMs, arrivedAtMs);
    this.lastByVantage.set(vantage, Math.max(this.lastByVantage.get(vantage) ?? 0, arrivedAtMs));
  }

  get arrivals(): Arrivals {
    return {
      ...finite("lastNewConnectionAtMs", this.#lastNewConnectionAtMs),
      ...finite("lastReusedRequestAtMs", this.#lastReusedRequestAtMs),
      ...finite("firstAnswerAtMs", this.#firstAnswerAtMs),
      ...finite("lastAnswerAtMs", this.#lastAnswerAtMs),
    };
  }
}

/** Also where the answer was a bad one, or did not end. */
function wasAnswered({ outcome }: Exchange): boolean {
  return outcome.type !== "undelivered" && "status" in outcome && outcome.status !== undefined;
}

function finite(key: keyof Arrivals, atMs: number): Arrivals {
  return Number.isFinite(atMs) ? { [key]: atMs } : {};
}

/**
 * The arrivals at each pod, from the answers in which it named itself, and from what the data path says of the
 * others: most programs do not name themselves, and what they answered shows as much of them.
 */
export class PodArrivals {
  readonly #lives: PodLives;
  readonly #leavings: Leavings;
  readonly #visits = new Map<Termination | string, Visits>();

  constructor({
    lives,
    leavings,
  }: {
    readonly lives: PodLives;
    readonly leavings: Leavings;
  }) {
    this.#lives = lives;
    this.#leavings = leavings;
  }

  /** `ledTo` is the pod to which the connection was led, where no answer says it; `vantage` where it was opened. */
  see(exchange: Exchange, ledTo?: string, vantage = 0): void {
    const { servedBy, sentAtMs } = exchange;
    const pod = servedBy ?? ledTo;
    const uid = pod === undefined ? undefined : this.#lives.uidAt(pod, sentAtMs);
    if (uid === undefined) return;
    const leaving = this.#leavings.at(uid, sentAtMs);
    let visits = this.#visits.get(leaving ?? uid);
    if (visits === undefined) {
      visits = new Visits(leaving);
      this.#visits.set(leaving ?? uid, visits);
    }
    if (servedBy !== undefined || wasAnswered(exchange)) visits.see(exchange, vantage);
    else if (exchange.connection === "new") visits.arrive(exchange, vantage);
  }

  /** The last new connection after T0 from each vantage point that reached the pod at all. */
  lastByVantage(leaving: Termination): ReadonlyMap<number, number> {
    return this.#visits.get(leaving)?.lastByVantage ?? new Map();
  }

  /** Whether a pod that leaves ever named itself on a new connection: only then does silence mean anything. */
  knows(leaving: Termination): boolean {
    return this.#visits.get(leaving)?.isKnown ?? false;
  }

  /** Of one leaving, or of a pod by its uid where it is in none. */
  of(leaving: Termination | string): Arrivals {
    return this.#visits.get(leaving)?.arrivals ?? {};
  }
}
