/** One connection to a Service, as the data path knows it; addresses are `host:port`. */
export interface LedConnection {
  readonly client: string;
  /** What the client connected to. */
  readonly to: string;
  /** To whom it was led; absent when there was nobody. */
  readonly backend?: string;
  /** That one was asked and did not take it; told once more, after the choice. */
  readonly refused?: true;
}

/** Whoever listens to a data path. */
export interface ConnectionListener {
  connection(led: LedConnection): void;
  /** Called once, last: from here on something was missed. */
  ended(): void;
}

/** Tells whoever listens of each connection as it is led; what nobody listens to is not kept. */
export class ConnectionLog {
  readonly #listeners = new Set<ConnectionListener>();
  #endedBecause: string | undefined;

  report(led: LedConnection): void {
    for (const listener of this.#listeners) listener.connection(led);
  }

  /** Something was missed: whoever listens must know, and may listen anew. */
  interrupt(): void {
    for (const listener of this.#listeners) listener.ended();
    this.#listeners.clear();
  }

  /** Nothing more can be told, or nothing ever could. */
  end(because: string): void {
    this.#endedBecause ??= because;
    this.interrupt();
  }

  /** Set once it has ended. */
  get endedBecause(): string | undefined {
    return this.#endedBecause;
  }

  /** Returns how to stop listening. */
  follow(listener: ConnectionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
