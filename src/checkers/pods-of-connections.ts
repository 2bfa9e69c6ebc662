import type { Exchange } from "#domain/exchange.ts";

/** Which pod each kept connection leads to, as the answers on it have said. */
export class PodsOfConnections {
  readonly #byStream = new Map<string, Map<number, string>>();

  see({ stream, connectionId, connection, servedBy }: Exchange): void {
    // A connection that serves one request only explains nothing else; keeping it would grow the map.
    if (servedBy === undefined || connection !== "reused") return;
    const known = this.#byStream.get(stream) ?? new Map<number, string>();
    this.#byStream.set(stream, known.set(connectionId, servedBy));
  }

  /** Undefined while none of its answers has named a pod. */
  of({ stream, connectionId }: Exchange): string | undefined {
    return this.#byStream.get(stream)?.get(connectionId);
  }
}
