import type { Observation } from "./observation.ts";

/** What the EndpointSlices said of each pod over time. */
export interface EndpointLosses {
  /** The first moment at or after an instant at which no slice lists the pod as ready any more. */
  lossAtMs(pod: string, fromMs: number): number | undefined;
  /** Whether any slice ever listed it as ready. */
  listed(pod: string): boolean;
  /** Whether any slice listed it as ready though terminating: its Service publishes whoever is not ready. */
  listedWhileTerminating(pod: string): boolean;
}

/** Follows the slices; a pod is lost when the last one that listed it as ready does so no more. */
export function endpointLosses(observations: readonly Observation[]): EndpointLosses {
  const readyIn = new Map<string, Set<string>>();
  const losses = new Map<string, number[]>();
  const listed = new Set<string>();
  const terminating = new Set<string>();
  for (const observation of observations) {
    if (observation.type !== "endpoint-slice") continue;
    const before = readyPods(readyIn);
    const ready = observation.endpoints.flatMap(({ pod, ready }) => (pod && ready ? [pod] : []));
    for (const pod of ready) listed.add(pod);
    for (const each of observation.endpoints)
      if (each.pod !== undefined && each.ready && each.terminating) terminating.add(each.pod);
    readyIn.set(observation.slice, new Set(observation.change === "deleted" ? [] : ready));
    const after = readyPods(readyIn);
    for (const pod of before.difference(after)) {
      losses.set(pod, [...(losses.get(pod) ?? []), observation.atMs]);
    }
  }
  return {
    // A slice may arrive just before the pod's own change: separate watches have no common order.
    lossAtMs: (pod, fromMs) => losses.get(pod)?.find((atMs) => atMs >= fromMs - WATCH_SKEW_MS),
    listed: (pod) => listed.has(pod),
    listedWhileTerminating: (pod) => terminating.has(pod),
  };
}

const WATCH_SKEW_MS = 1_000;

function readyPods(readyIn: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  return new Set([...readyIn.values()].flatMap((pods) => [...pods]));
}
