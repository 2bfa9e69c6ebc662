import { LiveProgress } from "./live-progress.ts";
import { PlainProgress } from "./plain-progress.ts";
import type { ProgressOutput, TerminalProgress } from "./progress-output.ts";

/**
 * Shows a run while it goes on: one line that renews itself on a terminal; elsewhere a line at each
 * change of phase and at most one a second. It has no timer: the run's own reports move it.
 */
export function createProgress(out: ProgressOutput): TerminalProgress {
  return out.isTTY === true ? new LiveProgress(out) : new PlainProgress(out);
}
