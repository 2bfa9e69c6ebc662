import { AddressOwners } from "#domain/address-owners.ts";
import type { Exchange } from "#domain/exchange.ts";
import type { Attribution, ProvenBy } from "#domain/report.ts";
import type { Termination } from "#domain/termination.ts";
import { DataPathIndex, type Led } from "./data-path-index.ts";
import { PodsOfConnections } from "./pods-of-connections.ts";
import { partAt, type RunFacts } from "./run-facts.ts";

/** The pod a failure is blamed on, how sure that is, and where in the pod's leaving it fell. */
export interface Blame {
  readonly pod?: string;
  readonly attribution: Attribution;
  /** Set where the attribution is `proven`. */
  readonly provenBy?: ProvenBy;
  /** The pod's address was asked and nobody took the connection there: no process ever had the request. */
  readonly refused?: true;
  /** The data path says that there was no pod to lead the connection to. */
  readonly ledToNobody?: true;
  readonly phase?: TerminationPhase;
}

/**
 * How far its leaving had come; SIGTERM is inferred to follow the preStop sleep. `mixed` says that several
 * pods were leaving, at different points, and that nobody knows which of them it was.
 */
export type TerminationPhase =
  | "before-sigterm"
  | "after-sigterm"
  | "after-exit"
  | "after-gone"
  | "mixed";

/**
 * Tells which pod an exchange met. It must see every exchange, in ledger order, before it is asked:
 * a kept connection goes to one pod for its whole life, so an earlier answer names it.
 */
export class Attributor {
  readonly #connections: PodsOfConnections;
  readonly #facts: RunFacts;
  readonly #dataPath: DataPathIndex | undefined;
  readonly #owners: AddressOwners;
  /** Several questions ask of the same exchange before the next is seen. */
  #last: { readonly exchange: Exchange; readonly blame: Blame } | undefined;

  constructor(facts: RunFacts, connections = new PodsOfConnections()) {
    this.#facts = facts;
    this.#connections = connections;
    const { dataPath, observations } = facts.history;
    this.#dataPath = dataPath && new DataPathIndex(dataPath, observations);
    this.#owners = new AddressOwners(observations);
  }

  see(exchange: Exchange): void {
    this.#last = undefined;
    this.#connections.see(exchange);
  }

  blame(exchange: Exchange): Blame {
    if (this.#last?.exchange !== exchange) {
      this.#last = { exchange, blame: this.#workOut(exchange) };
    }
    return this.#last.blame;
  }

  #workOut(exchange: Exchange): Blame {
    const led = exchange.servedBy === undefined ? this.#dataPath?.of(exchange) : undefined;
    const owner = led && this.#ownerOf(led);
    if (owner !== undefined) {
      const blame = this.#blameOn(owner, "proven", exchange);
      return { ...blame, provenBy: "data-path", ...(led?.refused && { refused: true }) };
    }
    const nobody = led !== undefined && led.backend === undefined;
    return { ...this.#blameWithoutDataPath(exchange), ...(nobody && { ledToNobody: true }) };
  }

  #blameWithoutDataPath(exchange: Exchange): Blame {
    const { servedBy } = exchange;
    if (servedBy !== undefined) {
      return { ...this.#blameOn(servedBy, "proven", exchange), provenBy: "answer" };
    }
    const sharer = this.#connections.of(exchange);
    if (sharer !== undefined) return this.#blameOn(sharer, "same-connection", exchange);
    const { windows, terminations } = this.#facts;
    const suspects = terminations.filter((_, place) => {
      const window = windows[place];
      return (
        window !== undefined &&
        exchange.endedAtMs >= window.fromMs &&
        exchange.sentAtMs <= window.untilMs
      );
    });
    const [only] = suspects;
    if (only !== undefined && suspects.length === 1)
      return this.#blameOn(only.pod, "inferred", exchange);
    // Where the pod is not known its phase may be: what all that were leaving had in common.
    const phases = new Set(suspects.flatMap((each) => phaseAt(each, exchange.endedAtMs) ?? []));
    const [phase] = phases;
    return {
      attribution: "unknown",
      ...(phase !== undefined && { phase: phases.size === 1 ? phase : "mixed" }),
    };
  }

  /** Whom the data path led a connection to: to be held against what an answer on it says. */
  ledTo(exchange: Exchange): string | undefined {
    const led = this.#dataPath?.of(exchange);
    return led && this.#ownerOf(led);
  }

  #ownerOf({ backend, atMs }: Led): string | undefined {
    const { parts } = this.#facts;
    const part = parts[partAt(parts, atMs)]?.span;
    return backend === undefined ? undefined : this.#owners.at(backend, atMs, part)?.pod;
  }

  #blameOn(pod: string, attribution: Attribution, exchange: Exchange): Blame {
    const uid = this.#facts.lives.uidAt(pod, exchange.sentAtMs);
    const termination =
      uid === undefined ? undefined : this.#facts.leavings.at(uid, exchange.sentAtMs);
    const phase = termination && phaseAt(termination, exchange.endedAtMs);
    return { pod, attribution, ...(phase !== undefined && { phase }) };
  }
}

/** Where in a pod's leaving an instant falls; undefined before the deletion was requested. */
function phaseAt(termination: Termination, atMs: number): TerminationPhase | undefined {
  const { deletionRequestedAtMs, preStopSleepSeconds, exitedAtMs, goneAtMs } = termination;
  if (atMs < deletionRequestedAtMs) return undefined;
  if (termination.comesBack && exitedAtMs !== undefined && atMs > exitedAtMs) return undefined;
  if (goneAtMs !== undefined && atMs > goneAtMs) return "after-gone";
  if (exitedAtMs !== undefined && atMs > exitedAtMs) return "after-exit";
  return atMs < deletionRequestedAtMs + (preStopSleepSeconds ?? 0) * 1000
    ? "before-sigterm"
    : "after-sigterm";
}
