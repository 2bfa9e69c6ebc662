import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { MAX_POD_NUMBER, podsFileName } from "#domain/ledger-record.ts";

/**
 * The numbers that a stream's records use for pods. A new name is on the disk before its number is given
 * out, so that no reader ever meets a number without a name; pods are few, so this may wait for the disk.
 */
export class PodNames {
  readonly #file: number;
  readonly #numbers = new Map<string, number>();

  constructor(directory: string, stream: string) {
    this.#file = openSync(join(directory, podsFileName(stream)), "wx");
  }

  /** 0, which means nobody, when the numbers are used up. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    if (number > MAX_POD_NUMBER) return 0;
    writeSync(this.#file, `${JSON.stringify(name)}\n`);
    this.#numbers.set(name, number);
    return number;
  }

  close(): void {
    closeSync(this.#file);
  }
}
