import type { DataPathWord } from "#domain/data-path-word.ts";
import type { Observation } from "#domain/observation.ts";
import type { Clock } from "./clock.ts";

/** Where the load opens its connections. */
export interface Entrances {
  /** In the order of the load's plan, by which a word numbers them. */
  readonly hosts: readonly string[];
  readonly port: number;
}

/** Who is told; neither may throw. */
export interface WitnessListener {
  heard(word: DataPathWord): void;
  /** A node's data path began to be heard, or is not heard any more. */
  changed(observation: Extract<Observation, { type: "witness" }>): void;
}

/** Says to which pod the data path leads each new connection, where a cluster can tell. */
export interface DataPathWitness {
  /** Resolves when it is known of every node whether it is heard. A node that falls silent is asked again. */
  listen(
    entrances: Entrances,
    listener: WitnessListener,
    options: { readonly clock: Clock; readonly signal: AbortSignal },
  ): Promise<Listening>;
}

/** Resolves when the last that was on its way has been told. */
export interface Listening {
  stop(): Promise<void>;
}
