import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { HarnessError } from "#domain/errors.ts";
import type { UndoStep } from "#domain/undo-step.ts";
import type { UndoLog } from "#ports/undo-log.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** Which run the log belongs to, and on which cluster its changes are to be put back. */
export interface UndoLogHeader {
  readonly format: 1;
  readonly runId: string;
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
  /** Of the run; while it lives, its changes are its own affair. */
  readonly process: ProcessIdentity;
  /** As the command line has it: `embedded`, `context:ci`. */
  readonly cluster: string;
  /** The value of KUBECONFIG at that time; absent: kubectl's default. */
  readonly kubeconfig?: string;
  /** The namespace of the workload under test. */
  readonly namespace: string;
  /** The run has come to its end: what is left was left on purpose. */
  readonly ended?: true;
}

/** A log that was found on disk; its last line may have been cut short, and then its change was not made. */
export interface FoundUndoLog {
  readonly header: UndoLogHeader;
  readonly log: UndoLog;
}

/** Where the logs of this user's runs are: below `$XDG_STATE_HOME` when it is set. */
export function undoDirectory(env: NodeJS.ProcessEnv): string {
  const state = env["XDG_STATE_HOME"] ?? "";
  return isAbsolute(state) ? join(state, "lastcall", "undo") : join(homedir(), ".lastcall", "undo");
}

/** The log of a new run; there is no file before there is anything to take back. */
export function createUndoLog(directory: string, header: UndoLogHeader): UndoLog {
  return undoLog(join(directory, `${header.runId}.ndjson`), header, []);
}

/** All logs of this user, oldest first. */
export async function findUndoLogs(directory: string): Promise<readonly FoundUndoLog[]> {
  const names = await readdir(directory).catch(() => []); // no run has ever written one
  const found = await Promise.all(
    names.filter((name) => name.endsWith(".ndjson")).map((name) => read(join(directory, name))),
  );
  return found
    .filter((one) => one !== undefined)
    .toSorted((a, b) => a.header.startedAt.localeCompare(b.header.startedAt));
}

async function read(file: string): Promise<FoundUndoLog | undefined> {
  const lines = (await readFile(file, "utf8")).split("\n").map(parse);
  const [header, ...steps] = lines.filter((line) => line !== undefined);
  if (header === undefined) return undefined; // killed before its first line was written: nothing was changed
  const first = header as UndoLogHeader; // written by `record`
  return { header: first, log: undoLog(file, first, steps as UndoStep[]) };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // the end of the file, or a line that the end of the process cut short
  }
}

function undoLog(file: string, header: UndoLogHeader, initial: readonly UndoStep[]): UndoLog {
  let steps = [...initial];
  return {
    get steps() {
      return steps;
    },
    async record(step) {
      if (steps.length === 0) {
        await makeDirectory(dirname(file));
        await append(file, header, "wx");
      }
      await append(file, step, "a");
      steps.push(step);
    },
    async forget(step) {
      steps = steps.filter((each) => each !== step);
      await rewrite(file, header, steps);
    },
    async keep(kept, { ended }) {
      steps = [...kept];
      await rewrite(file, { ...header, ...(ended && { ended }) }, steps);
    },
  };
}

/** Nothing is changed that could not be taken back. */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new HarnessError(
      "NO_UNDO_LOG",
      `Could not make ${directory}, where a run writes down how to take back what it changes.`,
      {
        hint: "Set XDG_STATE_HOME to a folder that you may write to.",
        cause,
      },
    );
  }
}

async function rewrite(file: string, header: UndoLogHeader, steps: readonly UndoStep[]) {
  if (steps.length === 0) {
    await rm(file, { force: true });
    return;
  }
  const next = `${file}.next`;
  await rm(next, { force: true });
  await append(next, header, "a");
  for (const step of steps) await append(next, step, "a");
  await rename(next, file);
  await syncDirectory(file);
}

/** One line, on disk when this resolves. */
async function append(file: string, line: object, flags: "a" | "wx"): Promise<void> {
  const handle = await open(file, flags, 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(line)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (flags === "wx") await syncDirectory(file);
}

/** A new name is only safe once its directory is. */
async function syncDirectory(file: string): Promise<void> {
  const handle = await open(dirname(file), "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
