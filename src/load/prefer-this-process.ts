import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";

/** A nice value, half of the way to the highest priority. */
const PREFERRED = -10;
/** Linux shares the processors out among sessions first, and only within a session by priority. */
const SESSION_PRIORITY = "/proc/self/autogroup";

/**
 * On a busy machine the load must run when it is due. It leads a session of its own, so nothing else is
 * preferred with it. Without the right to do this, or on another system, lateness is measured all the same.
 */
export function preferThisProcess(): void {
  for (const prefer of [
    () => setPriority(PREFERRED),
    () => writeFileSync(SESSION_PRIORITY, String(PREFERRED)),
  ])
    try {
      prefer();
    } catch {
      // Not root, not Linux, or a kernel that does not group.
    }
}
