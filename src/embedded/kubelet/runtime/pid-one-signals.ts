import { readFileSync } from "node:fs";

const SIGTERM_BIT = 15n - 1n;

/**
 * Whether the program has installed a handler for SIGTERM. The kernel drops a signal for PID 1 that has
 * none; where no PID namespace is to be had, whoever sends the signal must drop it instead.
 *
 * Without a /proc (not Linux) nobody can say, and the signal is sent.
 */
export function catchesSigterm(pid: number): boolean {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return true;
  }
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return caught === undefined || ((BigInt(`0x${caught}`) >> SIGTERM_BIT) & 1n) === 1n;
}

/**
 * Node.js catches SIGTERM by itself, to restore the terminal, and then raises it again with the default
 * action. As PID 1 it survives that; anywhere else it dies. This preload makes the main process of a
 * container survive, by a listener that does nothing, and leaves every process below it alone.
 */
export function nodePreload(kubeletPid: number): string {
  return [
    `const own = ${JSON.stringify(PRELOAD_MARK)};`,
    "const options = process.env.NODE_OPTIONS;",
    "if (options !== undefined) {",
    "  const left = options.slice(0, Math.max(options.lastIndexOf(own), 0)).trimEnd();",
    "  if (left === '') delete process.env.NODE_OPTIONS; else process.env.NODE_OPTIONS = left;",
    "}",
    `if (process.ppid === ${kubeletPid} && require("node:worker_threads").isMainThread)`,
    "  process.on('SIGTERM', () => {});",
    "",
  ].join("\n");
}

/** Starts our part of NODE_OPTIONS, always the last part, so that the preload can take it out again. */
const PRELOAD_MARK = "--require=";

/** The container's own NODE_OPTIONS come first and are what the program sees. */
export function withNodePreload(
  env: Readonly<Record<string, string>>,
  preloadFile: string,
): Readonly<Record<string, string>> {
  const own = env["NODE_OPTIONS"];
  const preload = `${PRELOAD_MARK}${JSON.stringify(preloadFile)}`;
  return { ...env, NODE_OPTIONS: own === undefined ? preload : `${own} ${preload}` };
}
