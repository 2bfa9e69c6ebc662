import type { Span } from "#domain/exposure-windows.ts";
import type { Observation } from "#domain/observation.ts";

/**
 * The pods that any EndpointSlice lists as ready, after each change of a slice within the span.
 *
 * A pod stands in one slice for each address family and each set of ports, and the pods of a large Service
 * in several: so pods are told by name over all slices, and by address only where the slice names no pod.
 */
export function* readyEndpoints(
  observations: readonly Observation[],
  { fromMs, untilMs }: Span,
): Generator<{ readonly atMs: number; readonly ready: ReadonlySet<string> }> {
  const readyIn = new Map<string, readonly string[]>();
  for (const observation of observations) {
    const { type, atMs } = observation;
    if (type !== "endpoint-slice" || atMs < fromMs || atMs > untilMs) continue;
    const ready = observation.endpoints.filter((endpoint) => endpoint.ready);
    readyIn.set(
      observation.slice,
      observation.change === "deleted" ? [] : ready.map(({ pod, address }) => pod ?? address),
    );
    yield { atMs, ready: new Set([...readyIn.values()].flat()) };
  }
}
