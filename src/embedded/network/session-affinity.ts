import { type Backend, pickBackend } from "./endpoint-choice.ts";

interface Pin {
  readonly backend: string;
  readonly untilMs: number;
}

/**
 * Keeps a client's address with its backend (`sessionAffinity: ClientIP`) until the client has been away
 * for the timeout, or the backend may get no new connections any more.
 */
export class SessionAffinity {
  readonly #timeoutMs: number;
  readonly #pins = new Map<string, Pin>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  pick(
    client: string,
    eligible: readonly Backend[],
    { random, nowMs }: { readonly random: () => number; readonly nowMs: number },
  ): Backend | undefined {
    const pin = this.#pins.get(client);
    const kept =
      pin !== undefined && pin.untilMs > nowMs
        ? eligible.find((backend) => nameOf(backend) === pin.backend)
        : undefined;
    const backend = kept ?? pickBackend(eligible, random);
    if (backend !== undefined) {
      this.#pins.set(client, { backend: nameOf(backend), untilMs: nowMs + this.#timeoutMs });
    }
    return backend;
  }
}

function nameOf({ address, port }: Backend): string {
  return `${address}:${port}`;
}
