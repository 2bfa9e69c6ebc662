import type { DataPathWord } from "./data-path-word.ts";

/*
 * What the data path said is two files that only ever grow, made like those of the exchanges.
 *
 * `data-path.bin` holds one record of 16 bytes per word, little-endian, in the order of arrival.
 * `data-path.backends.ndjson` holds one JSON string a line; line n (from 1) is the backend called n.
 *
 *   byte  type  field
 *      0  f64   atMs
 *      8  u16   clientPort
 *     10  u16   backend, a line number, 0 when there was none
 *     12  u8    entrance
 *     13  u8    1 the backend refused
 *     14  u16   WORD_MARK, so that a torn or shifted file is noticed
 */

/** The size of every record. */
export const WORD_BYTES = 16;

/** The highest backend number that a record can hold. */
export const MAX_BACKEND_NUMBER = 0xff_ff;

const WORD_MARK = 0x4c44;

/** A word as its file knows it: the backend is a number, 0 when there was none. */
export interface WordRecord extends Omit<DataPathWord, "backend"> {
  readonly backend: number;
}

/** Writes one record at `offset`, all of its bytes. */
export function encodeWord(view: DataView, offset: number, word: WordRecord): void {
  view.setFloat64(offset, word.atMs, true);
  view.setUint16(offset + 8, word.clientPort, true);
  view.setUint16(offset + 10, word.backend, true);
  view.setUint8(offset + 12, word.entrance);
  view.setUint8(offset + 13, word.refused ? 1 : 0);
  view.setUint16(offset + 14, WORD_MARK, true);
}

/** Reads the record at `offset`; throws a RangeError when there is none, because the file is torn or foreign. */
export function decodeWord(
  view: DataView,
  offset: number,
  backends: readonly string[],
): DataPathWord {
  const number = view.getUint16(offset + 10, true);
  const backend = backends[number - 1];
  if (view.getUint16(offset + 14, true) !== WORD_MARK || (number > 0 && backend === undefined)) {
    throw new RangeError(`No word of the data path at byte ${offset}.`);
  }
  return {
    atMs: view.getFloat64(offset, true),
    clientPort: view.getUint16(offset + 8, true),
    entrance: view.getUint8(offset + 12),
    backend,
    refused: view.getUint8(offset + 13) === 1,
  };
}
