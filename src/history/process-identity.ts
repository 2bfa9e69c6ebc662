import { readFile } from "node:fs/promises";

/**
 * A process by its number and the moment of its start, in the system's own ticks: numbers are given again.
 * Where the system does not tell the start, the number has to do.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAtTicks?: string;
}

/** This process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const ticks = await startTicks(process.pid);
  return { pid: process.pid, ...(ticks !== undefined && { startedAtTicks: ticks }) };
}

/** Whether that very process is still there. */
export async function isAlive({ pid, startedAtTicks }: ProcessIdentity): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it is there, and somebody else's
  }
  return startedAtTicks === undefined || (await startTicks(pid)) === startedAtTicks;
}

/** Field 22 of /proc/PID/stat; the name before it may hold blanks and stands in parentheses. */
async function startTicks(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}
