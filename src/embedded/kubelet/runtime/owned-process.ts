import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type OutputSink,
  type ProcessExit,
  type ProcessSpec,
  StartError,
} from "./container-runtime.ts";
import { lowerPriority } from "./low-priority.ts";
import type { Watchdog } from "./watchdog.ts";

/** How long output may still arrive after the exit, when an escaped descendant holds the pipes open. */
const OUTPUT_GRACE_MS = 100;

/** A child in a session of its own, so that Ctrl-C in the terminal does not reach it, known to the watchdog. */
export interface OwnedProcess {
  readonly pid: number;
  /** Absent unless it was asked for; the program then reads from /dev/null. */
  readonly stdin: Writable | undefined;
  readonly exited: Promise<ProcessExit>;
  /** SIGKILL for the whole process group; harmless after the exit. */
  killGroup(): void;
}

/** Starts `launcher` followed by the command of `spec`, with the environment of `spec` and nothing else. */
export async function spawnOwned(
  launcher: readonly string[],
  spec: ProcessSpec,
  options: {
    readonly watchdog: Watchdog;
    readonly output: OutputSink;
    readonly stdin: boolean;
    /** Whether the rest of the group dies with its leader; a PID namespace sees to that by itself. */
    readonly groupEndsWithLeader: boolean;
  },
): Promise<OwnedProcess> {
  const [file, ...args] = [...launcher, ...spec.command];
  if (file === undefined) throw new StartError("no command specified");
  const child = spawn(file, args, {
    cwd: spec.workingDirectory,
    env: { ...spec.env },
    detached: true,
    stdio: [options.stdin ? "pipe" : "ignore", "pipe", "pipe"],
  });
  const { pid, stdin, stdout, stderr } = child;
  if (pid === undefined || stdout === null || stderr === null) {
    const [error] = await once(child, "error");
    throw new StartError(`exec: ${JSON.stringify(file)}: ${String(error)}`);
  }
  options.watchdog.guard(pid);
  lowerPriority(pid);
  stdout.on("data", (chunk: Buffer) => options.output("stdout", chunk));
  stderr.on("data", (chunk: Buffer) => options.output("stderr", chunk));
  // A program may end before it has read its input; that is its own affair.
  stdin?.on("error", () => {});
  let ended = false;
  const killGroup = () => {
    if (!ended) sendToGroup(pid);
  };
  const atExit = options.groupEndsWithLeader ? killGroup : () => {};
  const exited = exitOf(child, atExit).finally(() => {
    ended = true;
    options.watchdog.release(pid);
  });
  return { pid, stdin: stdin ?? undefined, exited, killGroup };
}

async function exitOf(child: ChildProcess, atExit: () => void): Promise<ProcessExit> {
  const closed = once(child, "close");
  const [code, signal] = await once(child, "exit");
  const atMs = Date.now();
  atExit();
  const done = new AbortController();
  await Promise.race([
    closed,
    sleep(OUTPUT_GRACE_MS, undefined, { signal: done.signal }).catch(() => {}),
  ]);
  done.abort();
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { exitCode: exitCodeOf(code, signal), atMs };
}

function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 0) : 128 + constants.signals[signal];
}

function sendToGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // ESRCH: nothing is left of the group, which is what was wanted.
  }
}
