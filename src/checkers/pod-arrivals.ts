import type { Exchange } from "#domain/exchange.ts";
import type { Termination } from "#domain/termination.ts";

/** What reached one pod after its deletion was requested; absent when nothing did. */
export interface Arrivals {
  readonly lastNewConnectionAtMs?: number;
  readonly lastReusedRequestAtMs?: number;
}

/** The last arrivals at each leaving pod, from the answers in which it named itself. */
export class PodArrivals {
  readonly #requestedAtMs: ReadonlyMap<string, number>;
  readonly #lastNew = new Map<string, number>();
  readonly #lastReused = new Map<string, number>();

  constructor(terminations: readonly Termination[]) {
    this.#requestedAtMs = new Map(
      terminations.map(({ pod, deletionRequestedAtMs }) => [pod, deletionRequestedAtMs]),
    );
  }

  see({ servedBy, connection, connectedAtMs, sentAtMs }: Exchange): void {
    if (servedBy === undefined) return;
    const requestedAtMs = this.#requestedAtMs.get(servedBy);
    if (requestedAtMs === undefined) return;
    const isNew = connection === "new";
    const arrivedAtMs = isNew ? (connectedAtMs ?? sentAtMs) : sentAtMs;
    if (arrivedAtMs < requestedAtMs) return;
    const last = isNew ? this.#lastNew : this.#lastReused;
    last.set(servedBy, Math.max(last.get(servedBy) ?? 0, arrivedAtMs));
  }

  of(pod: string): Arrivals {
    const lastNew = this.#lastNew.get(pod);
    const lastReused = this.#lastReused.get(pod);
    return {
      ...(lastNew !== undefined && { lastNewConnectionAtMs: lastNew }),
      ...(lastReused !== undefined && { lastReusedRequestAtMs: lastReused }),
    };
  }
}
