import type { Exchange } from "#domain/exchange.ts";
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

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The arrivals at each pod, from the answers in which it named itself. */
export class PodArrivals {
  readonly #lives: PodLives;
  readonly #requestedAtMs: ReadonlyMap<string, number>;
  readonly #arrivals = new Map<string, Mutable<Arrivals>>();
  readonly #named = new Set<string>();

  constructor({
    lives,
    terminations,
  }: {
    readonly lives: PodLives;
    readonly terminations: readonly Termination[];
  }) {
    this.#lives = lives;
    this.#requestedAtMs = new Map(
      terminations.map(({ uid, deletionRequestedAtMs }) => [uid, deletionRequestedAtMs]),
    );
  }

  see({ servedBy, connection, connectedAtMs, sentAtMs, endedAtMs }: Exchange): void {
    const uid = servedBy === undefined ? undefined : this.#lives.uidAt(servedBy, sentAtMs);
    if (uid === undefined) return;
    let arrivals = this.#arrivals.get(uid);
    if (arrivals === undefined) {
      arrivals = {};
      this.#arrivals.set(uid, arrivals);
    }
    arrivals.firstAnswerAtMs = Math.min(arrivals.firstAnswerAtMs ?? endedAtMs, endedAtMs);
    arrivals.lastAnswerAtMs = Math.max(arrivals.lastAnswerAtMs ?? endedAtMs, endedAtMs);
    const requestedAtMs = this.#requestedAtMs.get(uid);
    if (requestedAtMs === undefined) return;
    const isNew = connection === "new";
    if (isNew) this.#named.add(uid);
    const arrivedAtMs = isNew ? (connectedAtMs ?? sentAtMs) : sentAtMs;
    if (arrivedAtMs < requestedAtMs) return;
    const key = isNew ? "lastNewConnectionAtMs" : "lastReusedRequestAtMs";
    arrivals[key] = Math.max(arrivals[key] ?? 0, arrivedAtMs);
  }

  /** Whether the pod ever named itself on a new connection: only then does silence mean anything. */
  knows(uid: string): boolean {
    return this.#named.has(uid);
  }

  of(uid: string): Arrivals {
    return { ...this.#arrivals.get(uid) };
  }
}
