import type { Pod } from "#embedded/api/objects.ts";

const FIRST_DELAY_MS = 10_000;
const LAST_DELAY_MS = 600_000;

/** When a failed pod may be replaced: 10 s after its end, and twice as long for each failure in a row. */
export function replacementDueMs(finished: readonly Pod[]): number {
  const ends = (phase: string) =>
    finished.filter(({ status }) => status.phase === phase).map(finishedAtMs);
  const lastSuccessMs = Math.max(0, ...ends("Succeeded"));
  const failures = ends("Failed").filter((atMs) => atMs > lastSuccessMs);
  if (failures.length === 0) return 0;
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (failures.length - 1), LAST_DELAY_MS);
  return Math.max(...failures) + delayMs;
}

function finishedAtMs({ status, metadata }: Pod): number {
  const ends = (status.containerStatuses ?? []).map(({ state }) =>
    Date.parse(state.terminated?.finishedAt ?? ""),
  );
  const known = ends.filter((atMs) => !Number.isNaN(atMs));
  return known.length > 0 ? Math.max(...known) : Date.parse(metadata.creationTimestamp);
}
