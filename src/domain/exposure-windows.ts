import type { ExposureWindow, Termination } from "./termination.ts";

/**
 * The spans over which rates are judged: from the earliest moment at which the deletion may have been
 * requested until the pod is gone and no longer listed as ready, plus the margin. A pod that was never
 * seen gone, or that its Service still lists, stays exposed until the load ended.
 */
export function exposureWindows(
  terminations: readonly Termination[],
  { marginMs, loadEndedAtMs }: { readonly marginMs: number; readonly loadEndedAtMs: number },
): readonly ExposureWindow[] {
  return terminations.map((termination) => {
    const { pod, deletionRequestedAtMs, t0UncertaintyMs, goneAtMs, neverDelisted } = termination;
    const fromMs = deletionRequestedAtMs - t0UncertaintyMs;
    if (goneAtMs === undefined || neverDelisted === true) {
      return { pod, fromMs, untilMs: Math.max(fromMs, loadEndedAtMs) };
    }
    const delistedAtMs = termination.endpointNotReadyAtMs ?? goneAtMs;
    return { pod, fromMs, untilMs: Math.max(goneAtMs, delistedAtMs) + marginMs };
  });
}

/** A span of time, from and until included. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The same time without overlaps, in order. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1);
    if (last === undefined || span.fromMs > last.untilMs) merged.push(span);
    else merged[merged.length - 1] = { ...last, untilMs: Math.max(last.untilMs, span.untilMs) };
  }
  return merged;
}

/** Whether a life from one instant to another touches any of the merged spans; by binary search. */
export function overlapsAny(merged: readonly Span[], fromMs: number, untilMs: number): boolean {
  let low = 0;
  let high = merged.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const span = merged[middle];
    if (span !== undefined && span.untilMs < fromMs) low = middle + 1;
    else high = middle;
  }
  const candidate = merged[low];
  return candidate !== undefined && candidate.fromMs <= untilMs;
}
