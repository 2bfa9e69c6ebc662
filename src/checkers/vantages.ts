import type { Exchange } from "#domain/exchange.ts";
import type { Termination } from "#domain/termination.ts";
import { type ConnectionNumbering, type VantageSight, workerOf } from "#domain/vantage-point.ts";
import { choiceOfPart } from "./choice-resolution.ts";
import type { PodArrivals } from "./pod-arrivals.ts";
import { partAt, type RunFacts, type RunPart } from "./run-facts.ts";

/** More than a record can tell entrances apart. */
const ENTRANCES = 64;

/**
 * The points from which new connections were opened, and how many from each: an entrance of the cluster, or
 * a load worker. A node may be late to learn of a leaving pod, and who asks from there alone sees it.
 */
export class Vantages {
  readonly #facts: RunFacts;
  readonly #numbering: ConnectionNumbering;
  readonly #fresh: ReadonlySet<string>;
  /** By repetition and vantage point. */
  readonly #counts: readonly Map<number, number>[];
  /** Worked out once, when the pass over the exchanges is complete. */
  #bounds: readonly (readonly (readonly [number, number])[])[] | undefined;

  constructor(facts: RunFacts) {
    const { header, closing } = facts.history;
    const repetitions = facts.parts.length;
    this.#facts = facts;
    this.#numbering = {
      repetitions,
      workers: Math.max(1, (closing.workers?.length ?? 0) / repetitions),
    };
    this.#fresh = new Set(
      header.load.flatMap(({ type, name }) => (type === "fresh" ? [name] : [])),
    );
    this.#counts = facts.parts.map(() => new Map<number, number>());
  }

  see(exchange: Exchange): void {
    const { stream, outcome } = exchange;
    if (outcome.type === "undelivered" || !this.#fresh.has(stream)) return;
    const counts = this.#counts[partAt(this.#facts.parts, exchange.sentAtMs)];
    const vantage = this.of(exchange);
    counts?.set(vantage, (counts.get(vantage) ?? 0) + 1);
  }

  /** A number by which the vantage points of one repetition are told apart. */
  of(exchange: Exchange): number {
    return workerOf(exchange, this.#numbering) * ENTRANCES + (exchange.entrance ?? 0);
  }

  /** What each saw of a leaving, the longest first; empty where one alone saw all of it. Complete when the pass over the exchanges is. */
  sightsOf(leaving: Termination, arrivals: PodArrivals): readonly VantageSight[] {
    const place = partAt(this.#facts.parts, leaving.deletionRequestedAtMs);
    const last = arrivals.lastByVantage(leaving);
    this.#bounds ??= this.#facts.parts.map((part, index) => this.#boundsOf(part, index));
    return (this.#bounds[place] ?? [])
      .map(([vantage, uncertaintyMs]) => {
        const lastNewConnectionAtMs = last.get(vantage);
        return {
          vantage: this.#name(vantage, place),
          ...(lastNewConnectionAtMs !== undefined && { lastNewConnectionAtMs }),
          uncertaintyMs,
        };
      })
      .toSorted((a, b) => latestMs(b, leaving) - latestMs(a, leaving));
  }

  /** How finely each saw the choice. */
  #boundsOf(part: RunPart, place: number): readonly (readonly [number, number])[] {
    const counts = this.#counts[place];
    if (counts === undefined || counts.size < 2) return [];
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return [...counts].map(([vantage, count]) => [
      vantage,
      choiceOfPart(this.#facts, part, count / total),
    ]);
  }

  #name(vantage: number, part: number): string {
    const { header, closing } = this.#facts.history;
    const worker = part * this.#numbering.workers + Math.floor(vantage / ENTRANCES);
    const name = closing.workers?.[worker]?.name;
    if (name !== undefined) return name;
    const entrance = vantage % ENTRANCES;
    const host = header.entrances?.[entrance - 1];
    return host === undefined ? `entrance ${entrance}` : `entrance ${entrance} (${host})`;
  }
}

/** Until when the pod may have been in the choice of new connections from there, at 95 %. */
export function latestMs(
  { lastNewConnectionAtMs, uncertaintyMs }: VantageSight,
  { deletionRequestedAtMs }: Termination,
): number {
  return (lastNewConnectionAtMs ?? deletionRequestedAtMs) + uncertaintyMs;
}
