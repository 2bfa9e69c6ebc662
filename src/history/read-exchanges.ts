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
    *[Symbol.iterator]() {
      for (const stream of streams) yield* readStream(directory, stream, chunkBytes);
    },
  };
}

function* readStream(directory: string, stream: string, chunkBytes: number): Iterable<Exchange> {
  const path = join(directory, exchangesFileName(stream));
  if (!existsSync(path)) return;
  const names = readNames(directory, stream);
  const file = openSync(path, "r");
  try {
    const chunk = new Uint8Array(chunkBytes);
    const view = new DataView(chunk.buffer);
    let filled = 0;
    for (;;) {
      const read = readSync(file, chunk, filled, chunkBytes - filled, null);
      filled += read;
      const whole = filled - (filled % EXCHANGE_BYTES);
      for (let offset = 0; offset < whole; offset += EXCHANGE_BYTES) {
        yield decodeExchange(view, offset, names);
      }
      chunk.copyWithin(0, whole, filled);
      filled -= whole;
      if (read === 0) return; // what is left is a record that a killed run did not finish
    }
  } finally {
    closeSync(file);
  }
}

function readNames(directory: string, stream: string): LedgerNames {
  const path = join(directory, podsFileName(stream));
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  return { stream, pods: lines.map((line) => JSON.parse(line) as string) };
}
