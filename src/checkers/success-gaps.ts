import type { Exchange } from "#domain/exchange.ts";
import type { StreamGap } from "#domain/report.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Gap } from "./silence.ts";
import { StreamSuccesses } from "./stream-successes.ts";

/** A gap with the name of its stream. */
export interface NamedGap extends Gap {
  readonly stream: string;
}

/** The longest time without a success, of each stream with steady arrivals. */
export class SuccessGaps {
  readonly #streams: ReadonlyMap<string, StreamSuccesses>;
  #found: readonly StreamGap[] | undefined;

  constructor({ history, parts }: RunFacts) {
    this.#streams = new Map(
      history.header.load.flatMap((stream) =>
        stream.type === "transactions" ? [] : [[stream.name, new StreamSuccesses(stream, parts)]],
      ),
    );
  }

  see(exchange: Exchange): void {
    this.#streams.get(exchange.stream)?.see(exchange);
  }

  /** Call when every exchange was seen; the end of the load ends the last gap of each stream. */
  finish(): readonly StreamGap[] {
    this.#found ??= [...this.#streams.values()].map((stream) => stream.finish());
    return this.#found;
  }

  /** The longest of all with the time in which this machine itself sent late or nothing; known when finished. */
  get longestWhole(): NamedGap | undefined {
    return [...this.#streams]
      .map(([stream, { longestWhole }]) => ({ stream, ...longestWhole }))
      .toSorted((a, b) => b.wholeMs - a.wholeMs)[0];
  }

  get successes(): number {
    return [...this.#streams.values()].reduce((sum, { count }) => sum + count, 0);
  }
}
