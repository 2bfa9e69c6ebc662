import type { Pod } from "#embedded/api/objects.ts";
import { isTerminal, podCondition } from "#embedded/controllers/pods/pod-state.ts";

const FIRST_DELAY_MS = 10_000;
const LAST_DELAY_MS = 600_000;

/** How often in a row the pods of a Job have failed, and when the last of them did. */
export interface Failures {
  readonly inARow: number;
  readonly lastMs: number;
}

/** Of a Job that has seen none. */
export const NO_FAILURES: Failures = { inARow: 0, lastMs: 0 };

/** What newly finished added to the failures in a row of `before`; a success begins the row anew. */
export function failuresAfter(
  before: Failures,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
): Failures {
  const endsMs = failed.map(finishedAtMs).toSorted((a, b) => a - b);
  if (succeeded.length === 0) {
    const lastMs = endsMs.at(-1);
    return lastMs === undefined ? before : { inARow: before.inARow + endsMs.length, lastMs };
  }
  const successMs = Math.max(...succeeded.map(finishedAtMs));
  const laterMs = endsMs.filter((atMs) => atMs > successMs);
  return { inARow: laterMs.length, lastMs: laterMs.at(-1) ?? 0 };
}

/** When a failed pod may be replaced: 10 s after its end, and twice as long for each failure in a row. */
export function replacementDueMs({ inARow, lastMs }: Failures): number {
  if (inARow === 0) return 0;
  return lastMs + Math.min(FIRST_DELAY_MS * 2 ** (inARow - 1), LAST_DELAY_MS);
}

/** The same for the pods of one index, all of which are still there. */
export function dueAfterMs(pods: readonly Pod[]): number {
  const ended = (phase: string) => pods.filter(({ status }) => status.phase === phase);
  return replacementDueMs(failuresAfter(NO_FAILURES, ended("Succeeded"), ended("Failed")));
}

/** By its containers; of a pod that still runs, but has failed for its Job, when its deletion was requested. */
function finishedAtMs(pod: Pod): number {
  const { status, metadata } = pod;
  const ends = (status.containerStatuses ?? []).map(({ state }) =>
    Date.parse(state.terminated?.finishedAt ?? ""),
  );
  if (isTerminal(pod) && ends.length > 0 && !ends.some(Number.isNaN)) return Math.max(...ends);
  const ready = podCondition(pod, "Ready");
  const unreadyMs = Date.parse(ready?.lastTransitionTime ?? "");
  if (ready?.status === "False" && !Number.isNaN(unreadyMs)) return unreadyMs;
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = metadata;
  return deletionTimestamp === undefined
    ? Date.parse(metadata.creationTimestamp)
    : Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
}
