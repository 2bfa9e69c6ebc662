import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "#domain/exchange.ts";
import {
  decodeExchange,
  EXCHANGE_BYTES,
  exchangesFileName,
  type LedgerNames,
  podsFileName,
} from "#domain/ledger-record.ts";

/** 16,384 records at a time: large enough to be fast, small enough to forget. */
const CHUNK_BYTES = 16_384 * EXCHANGE_BYTES;

/** All exchanges of the streams, one stream after the other; each iteration reads the files anew. */
export function readExchanges(
  directory: string,
  streams: readonly string[],
  chunkBytes = CHUNK_BYTES,
): Iterable<Exchange> {
  return {
    [Symbol.iterator]: () => new ExchangeReader(openStreams(directory, streams), chunkBytes),
  };
}

interface OpenStream {
  readonly file: number;
  readonly names: LedgerNames;
}

/** Each is opened when it is asked for; whoever asks closes it. */
function* openStreams(directory: string, streams: readonly string[]): Iterator<OpenStream> {
  for (const stream of streams) {
    const path = join(directory, exchangesFileName(stream));
    if (!existsSync(path)) continue;
    const names = readNames(directory, stream);
    yield { file: openSync(path, "r"), names };
  }
}

/** Not a generator: this loop runs millions of times, and resuming a generator costs more than a record. */
class ExchangeReader implements Iterator<Exchange, undefined> {
  readonly #streams: Iterator<OpenStream>;
  readonly #chunk: Uint8Array;
  readonly #view: DataView;
  #open: OpenStream | undefined;
  /** The next record, the end of the last whole one, and the end of what was read. */
  #offset = 0;
  #whole = 0;
  #filled = 0;

  constructor(streams: Iterator<OpenStream>, chunkBytes: number) {
    this.#streams = streams;
    this.#chunk = new Uint8Array(chunkBytes);
    this.#view = new DataView(this.#chunk.buffer);
  }

  next(): IteratorResult<Exchange, undefined> {
    if (this.#offset === this.#whole && !this.#readOn()) return { value: undefined, done: true };
    const offset = this.#offset;
    this.#offset += EXCHANGE_BYTES;
    const { names } = this.#open as OpenStream; // there is a record, so its file is open
    try {
      return { value: decodeExchange(this.#view, offset, names), done: false };
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  return(): IteratorResult<Exchange, undefined> {
    this.#close();
    return { value: undefined, done: true };
  }

  /** Reads until there is a whole record; false at the end of the last stream. */
  #readOn(): boolean {
    while (this.#offset === this.#whole) {
      this.#open ??= this.#streams.next().value;
      if (this.#open === undefined) return false;
      this.#chunk.copyWithin(0, this.#whole, this.#filled);
      const kept = this.#filled - this.#whole;
      const read = readSync(this.#open.file, this.#chunk, kept, this.#chunk.length - kept, null);
      this.#filled = kept + read;
      this.#whole = this.#filled - (this.#filled % EXCHANGE_BYTES);
      this.#offset = 0;
      if (read === 0) this.#close(); // what is left is a record that a killed run did not finish
    }
    return true;
  }

  #close(): void {
    if (this.#open !== undefined) closeSync(this.#open.file);
    this.#open = undefined;
    this.#offset = this.#whole = this.#filled = 0;
  }
}

function readNames(directory: string, stream: string): LedgerNames {
  const path = join(directory, podsFileName(stream));
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  return { stream, pods: lines.map((line) => JSON.parse(line) as string) };
}
