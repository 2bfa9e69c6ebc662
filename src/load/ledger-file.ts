import { type FileHandle, open } from "node:fs/promises";
import { HarnessError, messageOf } from "#domain/errors.ts";

const CHUNK_BYTES = 256 * 1024;
/** So much waiting for the disk means that it has stopped; memory must not fill up with the rest. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/**
 * A file that only grows, in order and by whole records, so that somebody can read it meanwhile. Writing
 * goes on beside the load, which a slow disk must not halt; what goes wrong is said at `close`.
 */
export class LedgerFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #chunk = Buffer.alloc(CHUNK_BYTES);
  #view = viewOf(this.#chunk);
  #flushed = 0;
  #filled = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #failure: unknown;
  #size = 0;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** A file of that name that exists already is another run's, and an error. */
  static async create(path: string): Promise<LedgerFile> {
    try {
      return new LedgerFile(path, await open(path, "wx"));
    } catch (cause) {
      throw notWritten(path, cause);
    }
  }

  /** How many bytes have been appended. */
  get size(): number {
    return this.#size;
  }

  /** Lets `encode` write exactly `bytes` at the end. */
  append(bytes: number, encode: (view: DataView, offset: number) => void): void {
    const offset = this.#reserve(bytes); // may begin another chunk
    encode(this.#view, offset);
  }

  appendLine(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    const offset = this.#reserve(bytes.length); // may begin another chunk
    this.#chunk.set(bytes, offset);
  }

  /** Hands over to the disk what has been appended so far. */
  flush(): void {
    if (this.#flushed === this.#filled) return;
    const bytes = this.#chunk.subarray(this.#flushed, this.#filled);
    this.#flushed = this.#filled;
    if (this.#failure !== undefined) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MAX_WAITING_BYTES)
      this.#failure = new Error(`${this.#waitingBytes} bytes were waiting for the disk.`);
    this.#writing ??= this.#write();
  }

  /** Throws when anything that was appended may not be in the file. */
  async close(): Promise<void> {
    this.flush();
    await this.#writing;
    const { size } = await this.#handle.stat();
    await this.#handle.close();
    if (size !== this.#size) this.#failure ??= new Error(`It has ${size} of ${this.#size} bytes.`);
    if (this.#failure !== undefined) throw notWritten(this.#path, this.#failure);
  }

  #reserve(bytes: number): number {
    if (this.#filled + bytes > this.#chunk.length) {
      this.flush();
      // The old chunk belongs to the disk until it is written.
      this.#chunk = Buffer.alloc(Math.max(CHUNK_BYTES, bytes));
      this.#view = viewOf(this.#chunk);
      this.#flushed = this.#filled = 0;
    }
    this.#filled += bytes;
    this.#size += bytes;
    return this.#filled - bytes;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0 && this.#failure === undefined) {
      const batch = Buffer.concat(this.#waiting);
      this.#waiting = [];
      this.#waitingBytes = 0;
      try {
        await this.#handle.appendFile(batch);
      } catch (error) {
        this.#failure = error;
      }
    }
    this.#writing = undefined;
  }
}

function viewOf(chunk: Buffer): DataView {
  return new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
}

function notWritten(path: string, cause: unknown): HarnessError {
  const reason = messageOf(cause);
  return new HarnessError(
    "LEDGER_NOT_WRITTEN",
    `The ledger ${path} could not be written: ${reason}`,
    {
      hint: "Is there room on the disk, and is the run's folder a new one?",
      cause,
    },
  );
}
