import type { DataPathWord } from "#domain/data-path-word.ts";
import type { Exchange } from "#domain/exchange.ts";
import type { Span } from "#domain/exposure-windows.ts";
import type { Observation } from "#domain/observation.ts";

/** What was said of one connection. */
export interface Led {
  /** Absent when there was nobody to lead it to. */
  readonly backend?: string | undefined;
  readonly refused: boolean;
  readonly atMs: number;
}

/**
 * A word comes after the connection was begun, and its stamp and the load's are of two processes; it is late
 * when the machine is. As long as the exchange goes on nobody else can have its port; beyond that, the same port
 * at the same entrance is taken for one connection within these, or nothing is proven.
 */
const EARLY_MS = 500;
const LATE_MS = 3_000;

interface Said {
  readonly atMs: number[];
  readonly backends: (string | undefined)[];
  readonly refused: boolean[];
}

const ENTRANCE_FACTOR = 0x1_00_00;

/** The data path's words by the connections that they are about; read when first asked. */
export class DataPathIndex {
  readonly #words: Iterable<DataPathWord>;
  readonly #silences: readonly Span[];
  #said: Map<number, Said> | undefined;

  constructor(words: Iterable<DataPathWord>, observations: readonly Observation[]) {
    this.#words = words;
    this.#silences = silencesOf(observations);
  }

  /**
   * Where the connection of an exchange was led. Undefined when nothing was heard of it, when some of what was
   * said may be missing, or when it could be one of several.
   */
  of(exchange: Exchange): Led | undefined {
    const { localPort, entrance, sentAtMs, connectedAtMs, endedAtMs, connection } = exchange;
    if (localPort === undefined || entrance === undefined) return undefined;
    const said = this.#index().get(entrance * ENTRANCE_FACTOR + localPort);
    if (said === undefined) return undefined;
    const fromMs = (connection === "new" ? sentAtMs : (connectedAtMs ?? sentAtMs)) - EARLY_MS;
    const untilMs = Math.max((connectedAtMs ?? endedAtMs) + LATE_MS, endedAtMs + EARLY_MS);
    if (this.#silences.some((gap) => gap.fromMs <= untilMs && gap.untilMs >= fromMs)) {
      return undefined;
    }
    return agreed(said, fromMs, untilMs);
  }

  #index(): ReadonlyMap<number, Said> {
    if (this.#said !== undefined) return this.#said;
    const index = new Map<number, Said>();
    for (const { atMs, entrance, clientPort, backend, refused } of this.#words) {
      const key = entrance * ENTRANCE_FACTOR + clientPort;
      let said = index.get(key);
      if (said === undefined) {
        said = { atMs: [], backends: [], refused: [] };
        index.set(key, said);
      }
      said.atMs.push(atMs);
      said.backends.push(backend);
      said.refused.push(refused);
    }
    this.#said = index;
    return index;
  }
}

/** All words of the time, if they name one backend; a refusal is said after the choice. */
function agreed(said: Said, fromMs: number, untilMs: number): Led | undefined {
  let led: Led | undefined;
  for (let place = firstFrom(said.atMs, fromMs); place < said.atMs.length; place++) {
    const atMs = said.atMs[place] ?? Number.POSITIVE_INFINITY;
    if (atMs > untilMs) break;
    const backend = said.backends[place];
    if (led !== undefined && led.backend !== backend) return undefined;
    led = { backend, atMs: led?.atMs ?? atMs, refused: said.refused[place] === true };
  }
  return led;
}

function firstFrom(atMs: readonly number[], fromMs: number): number {
  let low = 0;
  let high = atMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((atMs[middle] ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** From a node's falling silent until it is heard again; before it was first heard nothing is missed. */
function silencesOf(observations: readonly Observation[]): readonly Span[] {
  const silences: Span[] = [];
  const silentSince = new Map<string, number>();
  for (const observation of observations) {
    if (observation.type !== "witness") continue;
    const { node, heard, atMs } = observation;
    const fromMs = silentSince.get(node);
    if (!heard) silentSince.set(node, fromMs ?? atMs);
    if (heard && fromMs !== undefined) {
      silences.push({ fromMs, untilMs: atMs });
      silentSince.delete(node);
    }
  }
  const forever = [...silentSince.values()];
  return [...silences, ...forever.map((fromMs) => ({ fromMs, untilMs: Number.POSITIVE_INFINITY }))];
}
