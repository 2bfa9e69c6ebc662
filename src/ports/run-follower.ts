import type { Phase } from "#domain/phase.ts";
import type { TimelineFacts } from "#domain/report.ts";

/** Opens a run's folder that is being written. */
export type FollowRun = (directory: string) => RunFollower;

/** Reads a run's folder while it grows; it must be closed. */
export interface RunFollower {
  /** Reads what is new, though never more than a little at once, and says what can be drawn by now. */
  readOn(phases: readonly Phase[], nowMs: number): TimelineFacts;
  close(): void;
}
