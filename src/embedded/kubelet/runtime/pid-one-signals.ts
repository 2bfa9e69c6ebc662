import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { basename, join } from "node:path";

/**
 * Whether the program has installed a handler for the signal. The kernel drops a signal for PID 1 that has
 * none; where no PID namespace is to be had, whoever sends the signal must drop it instead.
 *
 * Without a /proc (not Linux) nobody can say, and the signal is sent.
 */
export function catchesSignal(pid: number, signal: NodeJS.Signals): boolean {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return true;
  }
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  const bit = BigInt(constants.signals[signal] - 1);
  return caught === undefined || ((BigInt(`0x${caught}`) >> bit) & 1n) === 1n;
}

/**
 * Node.js catches SIGTERM by itself, to restore the terminal, and then raises it again with the default
 * action. As PID 1 it survives that; anywhere else it dies. This preload makes the main process of a
 * container survive, by a listener that does nothing, and leaves every process below it alone.
 *
 * It also leaves a mark, by process id: until then no program can have a listener of its own.
 */
export class NodePreload {
  readonly #file: string;
  readonly #markDirectory: string;

  constructor(directory: string) {
    this.#file = join(directory, "node-pid-one.cjs");
    this.#markDirectory = join(directory, "node-pid-one");
    mkdirSync(this.#markDirectory, { recursive: true });
    writeFileSync(this.#file, preloadScript(process.pid, this.#markDirectory));
  }

  /** The container's own NODE_OPTIONS come first and are what the program sees. */
  addTo(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const own = env["NODE_OPTIONS"];
    const preload = `${OPTION}${JSON.stringify(this.#file)}`;
    return { ...env, NODE_OPTIONS: own === undefined ? preload : `${own} ${preload}` };
  }

  /** Whether SIGTERM would still meet Node's own handler and nothing else. */
  isPending(pid: number): boolean {
    return isNode(pid) && !existsSync(join(this.#markDirectory, String(pid)));
  }

  forget(pid: number): void {
    rmSync(join(this.#markDirectory, String(pid)), { force: true });
  }
}

/** Starts our part of NODE_OPTIONS, always the last part, so that the preload can take it out again. */
const OPTION = "--require=";

function preloadScript(kubeletPid: number, markDirectory: string): string {
  return `
const options = process.env.NODE_OPTIONS;
if (options !== undefined) {
  const left = options.slice(0, Math.max(options.lastIndexOf("${OPTION}"), 0)).trimEnd();
  if (left === "") delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = left;
}
if (process.ppid === ${kubeletPid} && require("node:worker_threads").isMainThread) {
  process.on("SIGTERM", () => {});
  require("node:fs").writeFileSync(${JSON.stringify(`${markDirectory}/`)} + process.pid, "");
}
`;
}

function isNode(pid: number): boolean {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)) === "node";
  } catch {
    return false;
  }
}
