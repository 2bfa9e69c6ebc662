import type { LedgerEntry } from "#domain/transaction.ts";
import type { Fault } from "./faults.ts";

/** What a request is known by on both sides. */
export interface RequestName {
  readonly key: string;
  readonly path: string;
}

/** The truth in a form that a message can carry; a request's name is its key and path, joined. */
export interface FaultTruthReport {
  readonly requests: number;
  readonly connections: number;
  /** Requests whose complete answer was written. */
  readonly ok: readonly string[];
  readonly faulted: readonly (readonly [request: string, fault: Fault])[];
  /** Requests that came after the server had ended their connection. */
  readonly raced: readonly string[];
  /** Requests that came more than once, which nobody but a retrying client makes. */
  readonly duplicates: readonly string[];
}

/** What really happened, as the server saw it. */
export class FaultTruth {
  readonly #seen = new Set<string>();
  readonly #ok = new Set<string>();
  readonly #faulted = new Map<string, Fault>();
  readonly #raced = new Set<string>();
  readonly #duplicates = new Set<string>();
  readonly #effects = new Map<string, Record<string, number>>();
  readonly #perPath = new Map<string, number>();
  #connections = 0;
  #requests = 0;

  /** Counts a connection and says which it is, from 1. */
  connected(): number {
    return ++this.#connections;
  }

  /** How many requests have come for a path. */
  countOf(path: string): number {
    return this.#perPath.get(path) ?? 0;
  }

  /** For a request without a key; some clients send none. */
  nextKey(): string {
    return `#${this.#requests + 1}`;
  }

  /** Counts a request and says which it is, from 1. */
  came(request: RequestName): number {
    const name = nameOf(request);
    if (this.#seen.has(name)) this.#duplicates.add(name);
    this.#seen.add(name);
    this.#perPath.set(request.path, this.countOf(request.path) + 1);
    return ++this.#requests;
  }

  answered(request: RequestName): void {
    this.#ok.add(nameOf(request));
    const effects = this.#effects.get(request.key) ?? {};
    const effect = request.path.replaceAll(/.*\//g, "");
    effects[effect] = (effects[effect] ?? 0) + 1;
    this.#effects.set(request.key, effects);
  }

  faulted(request: RequestName, fault: Fault): void {
    this.#faulted.set(nameOf(request), fault);
  }

  raced(request: RequestName): void {
    this.#raced.add(nameOf(request));
  }

  /** The last part of each answered path, counted per key, as a workload's own ledger would show it. */
  ledger(): readonly LedgerEntry[] {
    return [...this.#effects].map(([key, effects]) => ({ key, effects }));
  }

  report(): FaultTruthReport {
    return {
      requests: this.#requests,
      connections: this.#connections,
      ok: [...this.#ok],
      faulted: [...this.#faulted],
      raced: [...this.#raced],
      duplicates: [...this.#duplicates],
    };
  }
}

function nameOf({ key, path }: RequestName): string {
  return key + path;
}
