import type { HeldConnection } from "#domain/held-connection.ts";
import { feltFromMs, forcedExit, graceEndsAtMs, type Leaving } from "./leaving.ts";

/** A connection that ended this much before its pod was seen to exit did not end by that exit. */
const BEFORE_EXIT_MS = 300;

/** Whether the pod dropped this long-lived connection while it was leaving, and not by its exit. */
export function wasDroppedBy(leaving: Leaving, { pod, end, endedAtMs }: HeldConnection): boolean {
  const { termination } = leaving;
  const exitedAtMs = Math.min(
    termination.exitedAtMs ?? Number.POSITIVE_INFINITY,
    // SIGKILL takes the connections with it, and shows as an exit only later.
    forcedExit(leaving) === undefined ? Number.POSITIVE_INFINITY : graceEndsAtMs(leaving),
  );
  return (
    end.type === "cut" &&
    termination.pod === pod &&
    endedAtMs >= feltFromMs(leaving) &&
    endedAtMs < exitedAtMs - BEFORE_EXIT_MS
  );
}
