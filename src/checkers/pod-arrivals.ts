import type { Exchange } from "#domain/exchange.ts";
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

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The arrivals at each pod, from the answers in which it named itself. */
export class PodArrivals {
  readonly #requestedAtMs: ReadonlyMap<string, number>;
  readonly #arrivals = new Map<string, Mutable<Arrivals>>();

  readonly #named = new Set<string>();

  constructor(terminations: readonly Termination[]) {
    this.#requestedAtMs = new Map(
      terminations.map(({ pod, deletionRequestedAtMs }) => [pod, deletionRequestedAtMs]),
    );
  }

  see({ servedBy, connection, connectedAtMs, sentAtMs, endedAtMs }: Exchange): void {
    if (servedBy === undefined) return;
    let arrivals = this.#arrivals.get(servedBy);
    if (arrivals === undefined) {
      arrivals = {};
      this.#arrivals.set(servedBy, arrivals);
    }
    arrivals.firstAnswerAtMs = Math.min(arrivals.firstAnswerAtMs ?? endedAtMs, endedAtMs);
    arrivals.lastAnswerAtMs = Math.max(arrivals.lastAnswerAtMs ?? endedAtMs, endedAtMs);
    const requestedAtMs = this.#requestedAtMs.get(servedBy);
    if (requestedAtMs === undefined) return;
    const isNew = connection === "new";
    if (isNew) this.#named.add(servedBy);
    const arrivedAtMs = isNew ? (connectedAtMs ?? sentAtMs) : sentAtMs;
    if (arrivedAtMs < requestedAtMs) return;
    const key = isNew ? "lastNewConnectionAtMs" : "lastReusedRequestAtMs";
    arrivals[key] = Math.max(arrivals[key] ?? 0, arrivedAtMs);
  }

  /** Whether the pod ever named itself on a new connection: only then does silence mean anything. */
  knows(pod: string): boolean {
    return this.#named.has(pod);
  }

  of(pod: string): Arrivals {
    return { ...this.#arrivals.get(pod) };
  }
}
