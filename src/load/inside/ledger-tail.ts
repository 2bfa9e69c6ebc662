import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";

/** Small enough to share a connection with the answers that align the clocks. */
const PART_BYTES = 128 * 1024;

type Send = (name: string, part: Buffer) => Promise<void>;

/** Follows growing files and passes on what is new. Whoever slows it down slows no load: the files wait. */
export class LedgerTail {
  readonly #directory: string;
  readonly #send: Send;
  readonly #sent: Map<string, number>;
  #sending: Promise<void> = Promise.resolve();

  constructor(directory: string, names: readonly string[], send: Send) {
    this.#directory = directory;
    this.#send = send;
    this.#sent = new Map(names.map((name) => [name, 0]));
  }

  /** How many bytes of each file were passed on. */
  get sizes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#sent);
  }

  /** Fulfilled when all that was in the files at this moment has been passed on. */
  catchUp(): Promise<void> {
    this.#sending = this.#sending.then(() => this.#round());
    return this.#sending;
  }

  async #round(): Promise<void> {
    // The lengths of all first: a record that comes now may need a name that comes now.
    const names = [...this.#sent.keys()].toReversed();
    const lengths = new Map<string, number>();
    for (const name of names) lengths.set(name, await lengthOf(join(this.#directory, name)));
    for (const [name, sent] of this.#sent) {
      const length = lengths.get(name) ?? 0;
      if (length > sent) await this.#pass(name, length);
    }
  }

  async #pass(name: string, length: number): Promise<void> {
    const file = await open(join(this.#directory, name), "r");
    try {
      for (let sent = this.#sent.get(name) ?? 0; sent < length; ) {
        const part = await read(file, sent, Math.min(PART_BYTES, length - sent));
        await this.#send(name, part);
        sent += part.length;
        this.#sent.set(name, sent);
      }
    } finally {
      await file.close();
    }
  }
}

async function read(file: FileHandle, from: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, from);
  if (bytesRead === 0) throw new Error(`A ledger lost its end at byte ${from}.`);
  return buffer.subarray(0, bytesRead);
}

async function lengthOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined); // it has not begun
  return found?.size ?? 0;
}
