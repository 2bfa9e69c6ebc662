import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "#domain/exchange.ts";
import type { HistoryHeader } from "#domain/history.ts";
import {
  decodeExchange,
  EXCHANGE_BYTES,
  exchangesFileName,
  podsFileName,
} from "#domain/ledger-record.ts";
import type { Observation } from "#domain/observation.ts";
import { GrowingFile } from "./growing-file.ts";
import { RUN_FILES } from "./run-folder.ts";

/** Who is told what has been recorded since the last time. */
export interface RunReader {
  observe(observation: Observation): void;
  see(exchange: Exchange): void;
}

/** At most so many of each stream at one reading: whoever comes late to a long run catches up step by step. */
const RECORDS_AT_ONCE = 8_192;
const LINE_BYTES = 1024 * 1024;
const NAMES_BYTES = 64 * 1024;

/** Reads a run's folder while it is written, each record once. Whoever follows must `close`. */
export class FollowedFolder {
  readonly header: HistoryHeader;
  readonly #observations: GrowingFile;
  readonly #streams: readonly FollowedStream[];

  constructor(directory: string) {
    this.header = JSON.parse(readFileSync(join(directory, RUN_FILES.header), "utf8"));
    this.#observations = new GrowingFile(join(directory, RUN_FILES.observations), LINE_BYTES);
    this.#streams = this.header.load.map(({ name }) => new FollowedStream(directory, name));
  }

  readOn(reader: RunReader): void {
    readLines(this.#observations, (line) => reader.observe(JSON.parse(line)));
    for (const stream of this.#streams) stream.readOn((exchange) => reader.see(exchange));
  }

  close(): void {
    this.#observations.close();
    for (const stream of this.#streams) stream.close();
  }
}

class FollowedStream {
  readonly #stream: string;
  readonly #records: GrowingFile;
  readonly #podNames: GrowingFile;
  readonly #pods: string[] = [];

  constructor(directory: string, stream: string) {
    this.#stream = stream;
    const bytes = RECORDS_AT_ONCE * EXCHANGE_BYTES;
    this.#records = new GrowingFile(join(directory, exchangesFileName(stream)), bytes);
    this.#podNames = new GrowingFile(join(directory, podsFileName(stream)), NAMES_BYTES);
  }

  readOn(see: (exchange: Exchange) => void): void {
    this.#records.read((bytes) => {
      // After the records: each name was there before the first record that needs it.
      readLines(this.#podNames, (line) => this.#pods.push(JSON.parse(line)));
      const names = { stream: this.#stream, pods: this.#pods };
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      let offset = 0;
      for (; offset + EXCHANGE_BYTES <= bytes.length; offset += EXCHANGE_BYTES) {
        see(decodeExchange(view, offset, names));
      }
      return offset;
    });
  }

  close(): void {
    this.#records.close();
    this.#podNames.close();
  }
}

function readLines(file: GrowingFile, take: (line: string) => void): void {
  file.read((bytes) => {
    const end = bytes.lastIndexOf(0x0a) + 1;
    const lines = bytes.toString("utf8", 0, end).split("\n").slice(0, -1);
    for (const line of lines) take(line);
    return end;
  });
}
