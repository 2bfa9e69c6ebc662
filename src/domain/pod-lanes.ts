import type { Observation } from "./observation.ts";
import type { PodLane } from "./report.ts";
import type { Termination } from "./termination.ts";

type EndpointState = PodLane["endpoint"][number]["state"];

/** The timeline's rows: every pod that was seen, in order of appearance. */
export function podLanes(
  observations: readonly Observation[],
  terminations: readonly Termination[],
): readonly PodLane[] {
  const endpoints = endpointChanges(observations);
  const lanes = new Map<string, PodLane>();
  for (const observation of observations) {
    if (observation.type !== "pod") continue;
    const { pod, atMs, change } = observation;
    const lane = lanes.get(pod.uid) ?? {
      pod: pod.name,
      endpoint: endpoints.get(pod.name) ?? [],
      ...(change === "added" && { createdAtMs: atMs }),
    };
    const running = pod.containers.length > 0 && pod.containers.every((c) => c.state === "running");
    const termination = lane.termination ?? terminations.find(({ uid }) => uid === pod.uid);
    lanes.set(pod.uid, {
      ...lane,
      ...(pod.node !== undefined && { node: pod.node }),
      ...(pod.revision !== undefined && { revision: pod.revision }),
      ...(lane.startedAtMs === undefined && running && { startedAtMs: atMs }),
      ...(lane.readyAtMs === undefined && pod.ready && { readyAtMs: atMs }),
      ...(termination !== undefined && { termination, ...inferredSigterm(termination) }),
    });
  }
  return [...lanes.values()];
}

/** SIGTERM shows nowhere in the API: without a preStop hook it follows T0, after a sleep it follows that. */
function inferredSigterm(termination: Termination): { readonly sigtermAtMs?: number } {
  const sleepMs = (termination.preStopSleepSeconds ?? 0) * 1000;
  const sigtermAtMs = termination.deletionRequestedAtMs + sleepMs;
  const exitedFirst = termination.exitedAtMs !== undefined && termination.exitedAtMs < sigtermAtMs;
  return exitedFirst ? {} : { sigtermAtMs };
}

function endpointChanges(
  observations: readonly Observation[],
): ReadonlyMap<string, PodLane["endpoint"]> {
  const changes = new Map<string, { atMs: number; state: EndpointState }[]>();
  const listed = new Map<string, Set<string>>();
  for (const observation of observations) {
    if (observation.type !== "endpoint-slice") continue;
    const { atMs, slice, change } = observation;
    const states = new Map<string, EndpointState>();
    for (const { pod, ready, terminating } of change === "deleted" ? [] : observation.endpoints) {
      if (pod !== undefined) states.set(pod, stateOf(ready, terminating));
    }
    for (const pod of listed.get(slice) ?? []) {
      if (!states.has(pod)) record(changes, pod, { atMs, state: "absent" });
    }
    for (const [pod, state] of states) record(changes, pod, { atMs, state });
    listed.set(slice, new Set(states.keys()));
  }
  return changes;
}

function stateOf(ready: boolean, terminating: boolean): EndpointState {
  if (terminating) return "terminating";
  return ready ? "ready" : "not-ready";
}

function record(
  changes: Map<string, { atMs: number; state: EndpointState }[]>,
  pod: string,
  change: { atMs: number; state: EndpointState },
): void {
  const known = changes.get(pod);
  if (known === undefined) changes.set(pod, [change]);
  else if (known.at(-1)?.state !== change.state) known.push(change);
}
