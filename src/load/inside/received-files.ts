import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The files of one worker, as far as they have come. */
export class ReceivedFiles {
  readonly #directory: string;
  readonly #sizes: Map<string, number>;
  #written: Promise<unknown>;

  /** Only these names are taken: what comes from a pod may not choose where it is written. */
  constructor(directory: string, names: readonly string[]) {
    this.#directory = directory;
    this.#sizes = new Map(names.map((name) => [name, 0]));
    this.#written = create(directory, names);
    this.#written.catch(() => undefined); // told by `settled`
  }

  /** Throws a RangeError for a file that nobody asked for. */
  append(name: string, part: Buffer): void {
    const size = this.#sizes.get(name);
    if (size === undefined) throw new RangeError(`it sent a file that nobody asked for: ${name}`);
    this.#sizes.set(name, size + part.length);
    this.#written = this.#written.then(() => appendFile(join(this.#directory, name), part));
    this.#written.catch(() => undefined);
  }

  /** Fulfilled when all that was appended is in the files. */
  async settled(): Promise<void> {
    await this.#written;
  }

  /** The first file that is not as long as it should be, if any. */
  shortOf(sizes: Readonly<Record<string, number>>): string | undefined {
    for (const [name, size] of this.#sizes)
      if (size !== sizes[name]) return `${size} of ${sizes[name]} bytes of ${name} came`;
    return undefined;
  }
}

/** Also of what a worker never had anything to write to. */
async function create(directory: string, names: readonly string[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of names) await writeFile(join(directory, name), "", { flag: "wx" });
}
