import { getPriority, setPriority } from "node:os";

/** A nice value. */
const BEHIND_THE_RUN = 5;

/** On Linux each thread has a priority of its own, and the run's comes first. Never raises one that is lower already. */
export function stepBehindTheRun(): void {
  if (process.platform !== "linux") return;
  try {
    if (getPriority() < BEHIND_THE_RUN) setPriority(0, BEHIND_THE_RUN);
  } catch {
    // A sandbox may forbid it: the page then costs the run a little more.
  }
}
