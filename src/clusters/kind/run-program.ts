import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { HarnessError } from "#domain/errors.ts";

/** One call of a program, without a shell. */
export interface ProgramCall {
  readonly file: string;
  readonly args: readonly string[];
  /** What it was for, as an error says it: `create the kind cluster ci`. */
  readonly attempt: string;
  /** The next step, from what the program said; absent: its words have to speak for themselves. */
  readonly advise?: (words: string) => string | undefined;
  /** Told each line of its error output as it comes: programs show their progress there. */
  readonly onLine?: (line: string) => void;
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that could not be started, or ended with another code than 0. */
export class ProgramError extends HarnessError {
  /** The end of what it said; undefined when it is not there to say anything. */
  readonly words: string | undefined;

  constructor(message: string, words: string | undefined, hint: string) {
    super("PROGRAM_FAILED", message, { hint });
    this.words = words;
  }
}

/** The end of an output says why it ended. */
const KEPT_CHARACTERS = 100_000;
const LINES_SHOWN = 12;

/** After SIGTERM; then the whole family of the program is killed. */
const GRACE_MS = 3_000;

/**
 * Runs a program to its end and returns its output. It has a process group of its own: Ctrl-C reaches only
 * us, and an abort ends the program with all that it started before the promise rejects.
 */
export async function runProgram(call: ProgramCall, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const { file, args, env, onLine } = call;
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(env !== undefined && { env: { ...process.env, ...env } }),
  });
  const ended = endOf(child);
  let output = "";
  let words = "";
  let line = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-KEPT_CHARACTERS);
    const lines = (line + text).split("\n");
    line = lines.pop() ?? "";
    for (const whole of lines) onLine?.(whole);
  });
  let ending: Promise<void> | undefined;
  const stop = () => {
    ending = endFamily(child, ended);
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const code = await ended.catch((error: NodeJS.ErrnoException) => {
      throw notStarted(call, error);
    });
    signal.throwIfAborted();
    if (code !== 0) throw failure(call, code, words.trim() === "" ? output : words);
    return output;
  } finally {
    signal.removeEventListener("abort", stop);
    await ending;
  }
}

/** The exit code, or the name of the signal; rejects when the program could not be started. */
function endOf(child: ChildProcess): Promise<number | string> {
  const { promise, resolve, reject } = Promise.withResolvers<number | string>();
  child.once("error", reject);
  child.once("close", (code, signal) => resolve(code ?? signal ?? "no exit code"));
  return promise;
}

async function endFamily({ pid }: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (pid === undefined) return;
  const over = new AbortController();
  signalFamily(pid, "SIGTERM");
  const patience = sleep(GRACE_MS, undefined, { signal: over.signal });
  await Promise.race([ended, patience]).catch(() => undefined);
  over.abort();
  signalFamily(pid, "SIGKILL");
}

function signalFamily(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // the family has ended
  }
}

function notStarted(call: ProgramCall, error: NodeJS.ErrnoException): ProgramError {
  const why = error.code === "ENOENT" ? "is not on the PATH" : `cannot be started (${error.code})`;
  return new ProgramError(
    `Could not ${call.attempt}: the program ${call.file} ${why}.`,
    undefined,
    "Install it, or correct the PATH.",
  );
}

function failure(call: ProgramCall, code: number | string, words: string): ProgramError {
  const command = [call.file, ...call.args].join(" ");
  const last = words.trim().split("\n").slice(-LINES_SHOWN).join("\n  ");
  const how = typeof code === "number" ? `exit code ${code}` : code;
  return new ProgramError(
    `Could not ${call.attempt}: \`${command}\` ended with ${how}${last === "" ? "." : `:\n  ${last}`}`,
    words,
    call.advise?.(words) ??
      "The words above are the program's own; run the command by hand to see more.",
  );
}
