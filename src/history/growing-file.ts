import { closeSync, existsSync, openSync, readSync } from "node:fs";

/** A file that somebody else appends to, read from where the last reading ended. */
export class GrowingFile {
  readonly #path: string;
  #chunk: Buffer;
  #file: number | undefined;
  #position = 0;

  /** At most so many bytes are read at once, or as many as a single record has. */
  constructor(path: string, chunkBytes: number) {
    this.#path = path;
    this.#chunk = Buffer.alloc(chunkBytes);
  }

  /**
   * The next bytes; `take` says how many of them were whole, and the others come again. They are valid until
   * the next reading.
   */
  read(take: (bytes: Buffer) => number): void {
    this.#file ??= existsSync(this.#path) ? openSync(this.#path, "r") : undefined;
    if (this.#file === undefined) return;
    const filled = readSync(this.#file, this.#chunk, 0, this.#chunk.length, this.#position);
    if (filled === 0) return;
    const taken = take(this.#chunk.subarray(0, filled));
    this.#position += taken;
    if (taken === 0 && filled === this.#chunk.length) this.#chunk = Buffer.alloc(2 * filled);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
