import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type OutputSink,
  type ProcessExit,
  type ProcessSpec,
  StartError,
} from "./container-runtime.ts";
import { lowerPriority } from "./low-priority.ts";
import { joinNetwork } from "./namespace-tools.ts";
import { closeWriteEnds, type OutputPipes } from "./output-pipes.ts";
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

/** What a node gives each process that it starts. */
export interface ProcessOwner {
  readonly watchdog: Watchdog;
  readonly pipes: OutputPipes;
}

/** Starts `launcher` followed by the command of `spec`, with the environment of `spec` and nothing else. */
export async function spawnOwned(
  launcher: readonly string[],
  spec: ProcessSpec,
  options: ProcessOwner & {
    readonly output: OutputSink;
    readonly stdin: boolean;
    /** Whether the rest of the group dies with its leader; a PID namespace sees to that by itself. */
    readonly groupEndsWithLeader: boolean;
  },
): Promise<OwnedProcess> {
  const [file, ...args] = [...joinNetwork(spec.networkNamespace), ...launcher, ...spec.command];
  if (file === undefined) throw new StartError("no command specified");
  const pipes = [await options.pipes.take(), await options.pipes.take()] as const;
  const child = spawn(file, args, {
    // In a file tree of its own the program goes to its directory by itself.
    cwd: spec.fileTree === undefined ? spec.workingDirectory : "/",
    env: { ...spec.env },
    detached: true,
    stdio: [
      options.stdin ? "pipe" : "ignore",
      pipes[0]?.writeEnd ?? "pipe",
      pipes[1]?.writeEnd ?? "pipe",
    ],
  });
  closeWriteEnds(pipes);
  const { pid, stdin } = child;
  const [stdout, stderr] = [pipes[0]?.output ?? child.stdout, pipes[1]?.output ?? child.stderr];
  if (pid === undefined || stdout === null || stderr === null) {
    for (const pipe of pipes) pipe?.output.destroy();
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
  const exited = exitOf(child, [stdout, stderr], atExit).finally(() => {
    ended = true;
    options.watchdog.release(pid);
  });
  return { pid, stdin: stdin ?? undefined, exited, killGroup };
}

async function exitOf(
  child: ChildProcess,
  outputs: readonly Readable[],
  atExit: () => void,
): Promise<ProcessExit> {
  const closed = Promise.all(outputs.map((output) => once(output, "close")));
  const [code, signal] = await once(child, "exit");
  const atMs = Date.now();
  atExit();
  const done = new AbortController();
  await Promise.race([
    closed,
    sleep(OUTPUT_GRACE_MS, undefined, { signal: done.signal }).catch(() => {}),
  ]);
  done.abort();
  for (const output of outputs) output.destroy();
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
