import { shareBetween } from "#domain/machine-share.ts";
import type { Observation } from "#domain/observation.ts";
import type { RunOptions } from "./run-options.ts";

const LOOK_EVERY_MS = 2_000;

/** Records how the run's programs fared among the others of this machine, until the signal aborts. */
export async function recordMachine(
  { machine, clock, cluster }: Pick<RunOptions, "machine" | "clock" | "cluster">,
  observe: (observation: Observation) => void,
  signal: AbortSignal,
): Promise<void> {
  if (cluster.sharesMachine !== true) return; // pods on other machines wait for those
  let before = await machine.read();
  let lookedAtMs = clock.nowMs();
  while (before !== undefined && !signal.aborted) {
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
    const after = await machine.read();
    const atMs = clock.nowMs();
    if (after === undefined) return;
    const forMs = atMs - lookedAtMs;
    if (forMs > 0) {
      observe({ type: "machine", atMs, forMs, ...shareBetween(before, after, forMs) });
    }
    before = after;
    lookedAtMs = atMs;
  }
}
