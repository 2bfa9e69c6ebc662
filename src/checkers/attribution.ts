import type { Exchange } from "#domain/exchange.ts";
import type { Attribution } from "#domain/report.ts";
import type { Termination } from "#domain/termination.ts";
import type { RunFacts } from "./run-facts.ts";

/** The pod a failure is blamed on, how sure that is, and where in the pod's leaving it fell. */
export interface Blame {
  readonly pod?: string;
  readonly attribution: Attribution;
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
  readonly #podOfConnection: ReadonlyMap<string, Map<number, string>>;
  readonly #facts: RunFacts;
  readonly #terminations: ReadonlyMap<string, Termination>;

  constructor(facts: RunFacts) {
    this.#facts = facts;
    this.#podOfConnection = new Map(
      facts.history.header.load.map(({ name }) => [name, new Map<number, string>()]),
    );
    this.#terminations = new Map(facts.terminations.map((each) => [each.uid, each]));
  }

  see({ stream, connectionId, connection, servedBy }: Exchange): void {
    // A connection that serves one request only explains nothing else; keeping it would grow the map.
    if (servedBy !== undefined && connection === "reused") {
      this.#podOfConnection.get(stream)?.set(connectionId, servedBy);
    }
  }

  blame(exchange: Exchange): Blame {
    const { servedBy, stream, connectionId } = exchange;
    if (servedBy !== undefined) return this.#blameOn(servedBy, "proven", exchange);
    const sharer = this.#podOfConnection.get(stream)?.get(connectionId);
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

  #blameOn(pod: string, attribution: Attribution, exchange: Exchange): Blame {
    const uid = this.#facts.lives.uidAt(pod, exchange.sentAtMs);
    const termination = uid === undefined ? undefined : this.#terminations.get(uid);
    const phase = termination && phaseAt(termination, exchange.endedAtMs);
    return { pod, attribution, ...(phase !== undefined && { phase }) };
  }
}

/** Where in a pod's leaving an instant falls; undefined before the deletion was requested. */
function phaseAt(termination: Termination, atMs: number): TerminationPhase | undefined {
  const { deletionRequestedAtMs, preStopSleepSeconds, exitedAtMs, goneAtMs } = termination;
  if (atMs < deletionRequestedAtMs) return undefined;
  if (goneAtMs !== undefined && atMs > goneAtMs) return "after-gone";
  if (exitedAtMs !== undefined && atMs > exitedAtMs) return "after-exit";
  return atMs < deletionRequestedAtMs + (preStopSleepSeconds ?? 0) * 1000
    ? "before-sigterm"
    : "after-sigterm";
}
