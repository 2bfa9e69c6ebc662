import { once } from "node:events";
import { appendFileSync, createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";
import { encodeWord, MAX_BACKEND_NUMBER, WORD_BYTES } from "#domain/data-path-record.ts";
import type { DataPathWord } from "#domain/data-path-word.ts";
import { RUN_FILES } from "./run-folder.ts";

/** Writes what the data path says while it is heard; a backend's name before the first record that needs it. */
export class DataPathFile {
  readonly #records: WriteStream;
  readonly #names: string;
  readonly #numbers = new Map<string, number>();

  constructor(directory: string) {
    this.#records = createWriteStream(join(directory, RUN_FILES.dataPath), { flags: "wx" });
    this.#names = join(directory, RUN_FILES.backends);
  }

  append({ backend, ...word }: DataPathWord): void {
    const number = backend === undefined ? 0 : this.#numberOf(backend);
    if (number > MAX_BACKEND_NUMBER) return; // it stays unsaid, and proves nothing
    const record = Buffer.alloc(WORD_BYTES);
    encodeWord(new DataView(record.buffer, record.byteOffset), 0, { ...word, backend: number });
    this.#records.write(record);
  }

  async close(): Promise<void> {
    this.#records.end();
    await once(this.#records, "close");
  }

  #numberOf(backend: string): number {
    const known = this.#numbers.get(backend);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(backend, number);
    if (number <= MAX_BACKEND_NUMBER) appendFileSync(this.#names, `${JSON.stringify(backend)}\n`);
    return number;
  }
}
