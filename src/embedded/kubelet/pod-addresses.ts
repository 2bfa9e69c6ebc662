/** The last usable host number of a /24. */
const LAST = 254;

/** The node's pod addresses `prefix.1` to `prefix.254`, handed out in turn so that one is reused late. */
export class PodAddresses {
  readonly #prefix: string;
  readonly #taken = new Set<string>();
  #next = 1;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Undefined when every address is in use. */
  take(): string | undefined {
    for (let tried = 0; tried < LAST; tried += 1) {
      const address = `${this.#prefix}.${this.#next}`;
      this.#next = this.#next === LAST ? 1 : this.#next + 1;
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      return address;
    }
    return undefined;
  }

  release(address: string): void {
    this.#taken.delete(address);
  }

  /** How a node says that it has none left. */
  describeShortage(): string {
    const range = `${this.#prefix}.1-${this.#prefix}.${LAST}`;
    return `failed to allocate for range 0: no IP addresses available in range set: ${range}`;
  }
}
