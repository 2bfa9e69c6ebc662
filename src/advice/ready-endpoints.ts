import type { PodLane } from "#domain/report.ts";

/** How many pods the Service listed as ready at an instant; undefined where no slice was seen by then. */
export type ReadyEndpoints = (atMs: number) => number | undefined;

/** Counts once, so that an instant costs a search and not a pass over all lanes. */
export function countReadyEndpoints(lanes: readonly PodLane[]): ReadyEndpoints {
  const steps = lanes
    .flatMap(({ endpoint }) =>
      endpoint.map(({ atMs, state }, index) => ({
        atMs,
        change: Number(state === "ready") - Number(endpoint[index - 1]?.state === "ready"),
      })),
    )
    .toSorted((a, b) => a.atMs - b.atMs);
  let ready = 0;
  const counts = steps.map(({ atMs, change }) => {
    ready += change;
    return { atMs, ready };
  });
  return (atMs) => counts[countUntil(counts, atMs) - 1]?.ready;
}

/** How many of the ordered steps lie at or before an instant; by binary search. */
function countUntil(steps: readonly { readonly atMs: number }[], atMs: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
