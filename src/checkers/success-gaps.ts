import type { Exchange } from "#domain/exchange.ts";
import type { StreamGap } from "#domain/report.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Gap } from "./silence.ts";
import { StreamSuccesses } from "./stream-successes.ts";

/** The longest time without a success, of each stream with steady arrivals. */
export class SuccessGaps {
  readonly #streams: ReadonlyMap<string, StreamSuccesses>;
  #found: readonly StreamGap[] | undefined;

  constructor(facts: RunFacts) {
    this.#streams = new Map(
      facts.history.header.load.flatMap((stream) =>
        stream.type === "transactions" ? [] : [[stream.name, new StreamSuccesses(stream, facts)]],
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

  /** The longest of one stream with the time in which this machine itself sent late or nothing; known when finished. */
  longestWholeOf(stream: string): Gap | undefined {
    return this.#streams.get(stream)?.longestWhole;
  }

  /** The longest of one stream of which nothing fell into a starved time; known when finished. */
  longestWhileWellOf(stream: string): number {
    return this.#streams.get(stream)?.longestWhileWellMs ?? 0;
  }

  get successes(): number {
    return [...this.#streams.values()].reduce((sum, { count }) => sum + count, 0);
  }
}
