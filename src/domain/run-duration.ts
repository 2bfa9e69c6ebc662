import type { HistoryClosing } from "./history.ts";
import type { Phase } from "./phase.ts";

/** How long a run took, and how much of it the scenario's own waits demanded. */
interface RunDuration {
  readonly totalMs: number;
  readonly demandedMs: number;
}

function runDuration(phases: readonly Phase[]): RunDuration {
  return {
    totalMs: Math.max(0, ...phases.map(({ endedAtMs, startedAtMs }) => endedAtMs ?? startedAtMs)),
    demandedMs: phases.reduce((sum, phase) => sum + phase.demandedMs, 0),
  };
}

/** `Took 21.3 s, of which the scenario itself demands 18 s (1.18 ×).` Broken off, it met no demand. */
export function describeDuration({
  phases,
  brokenOff,
}: Pick<HistoryClosing, "phases" | "brokenOff">): string {
  const { totalMs, demandedMs } = runDuration(phases);
  const took = `Took ${(totalMs / 1000).toFixed(1)} s`;
  if (demandedMs === 0 || brokenOff !== undefined) return `${took}.`;
  const ratio = (totalMs / demandedMs).toFixed(2);
  return `${took}, of which the scenario itself demands ${(demandedMs / 1000).toFixed(1)} s (${ratio} ×).`;
}
