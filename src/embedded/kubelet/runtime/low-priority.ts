import { writeFile } from "node:fs/promises";
import { setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Containers yield the processor to the cluster's own parts and to whoever measures it. On a small machine
 * a dozen programs that start at once would otherwise hold up the data path, and a client would take the
 * delay for the workload's. On a real node these parts do not share the pods' processor time either.
 */
const NICENESS = 5;

/** The kernel takes one change of an ordinary user in 100 ms, for the whole machine. */
const RETRIES = 20;
const RETRY_MS = 110;

/** Lowers the priority of a program that has just been started as the leader of its own session. */
export function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICENESS);
  } catch {
    return; // it has ended already
  }
  void lowerSession(pid);
}

/**
 * Where the kernel groups processes by session (sched_autogroup), niceness counts only within the session,
 * and the sessions share the processor evenly: then the session itself must step back.
 */
async function lowerSession(pid: number): Promise<void> {
  for (let attempt = 0; attempt < RETRIES; attempt += 1) {
    try {
      await writeFile(`/proc/${pid}/autogroup`, `${NICENESS}`);
      return;
    } catch (error) {
      const busy = error instanceof Error && "code" in error && error.code === "EAGAIN";
      if (!busy) return; // no such kernel feature, or the program has ended
      await sleep(RETRY_MS, undefined, { ref: false });
    }
  }
}
