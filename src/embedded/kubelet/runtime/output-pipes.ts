import { execFile } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { findTool } from "./namespace-tools.ts";

/** A pipe: what is written to `writeEnd`, a descriptor to inherit, can be read from `output`. */
export interface OutputPipe {
  readonly output: Socket;
  readonly writeEnd: number;
}

/** Made at once, because each making is a process of its own. */
const BATCH = 64;

/**
 * Pipes for what containers write. Node gives its children sockets, and a socket cannot be opened by name:
 * `> /dev/stderr`, a server that logs to /dev/stdout and a hook that writes to /proc/1/fd/1 would all fail,
 * which they do not in a container.
 */
export class OutputPipes {
  readonly #directory: string;
  /** Undefined from the first failure on: some file systems have no pipes. */
  #mkfifo = findTool("mkfifo");
  #paths: Promise<string[]> | undefined;

  /** The directory may be shared; whoever gave it removes it. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Undefined where this machine makes none. Whoever takes a pipe closes both ends. */
  async take(): Promise<OutputPipe | undefined> {
    while (this.#mkfifo !== undefined) {
      this.#paths ??= this.#make(this.#mkfifo);
      const batch = this.#paths;
      const path = (await batch).pop();
      if (path !== undefined) return openPipe(path);
      if (this.#paths === batch) this.#paths = undefined;
    }
    return undefined;
  }

  /** In a folder of their own: the nodes of a cluster share its directory. */
  async #make(mkfifo: string): Promise<string[]> {
    try {
      const folder = mkdtempSync(join(this.#directory, "pipes-"));
      const paths = Array.from({ length: BATCH }, (_, n) => join(folder, String(n)));
      await promisify(execFile)(mkfifo, ["-m", "600", ...paths]);
      return paths;
    } catch {
      this.#mkfifo = undefined;
      return [];
    }
  }
}

/** Both ends are open before the name goes, so neither waits for the other. */
function openPipe(path: string): OutputPipe {
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(path, constants.O_WRONLY);
  rmSync(path);
  const output = new Socket({ fd: readEnd, readable: true, writable: false });
  output.on("error", () => output.destroy());
  return { output, writeEnd };
}

/** The program has its own copy by now; the pipe ends when the last copy is closed. */
export function closeWriteEnds(pipes: readonly (OutputPipe | undefined)[]): void {
  for (const pipe of pipes) if (pipe !== undefined) closeSync(pipe.writeEnd);
}
