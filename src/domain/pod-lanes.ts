import type { Observation, PodSnapshot } from "./observation.ts";
import type { ContainerRestart, PodLane, PodSetup, PodWarning } from "./report.ts";
import { sigtermMoment } from "./sigterm-moment.ts";
import type { Termination } from "./termination.ts";

type EndpointState = PodLane["endpoint"][number]["state"];

/** The timeline's rows: every pod that was seen, in order of appearance. */
export function podLanes(
  observations: readonly Observation[],
  terminations: readonly Termination[],
): readonly PodLane[] {
  const endpoints = endpointChanges(observations);
  const warnings = podWarnings(observations);
  const lanes = new Map<string, PodLane>();
  const counts = new Map<string, number>();
  for (const observation of observations) {
    if (observation.type !== "pod") continue;
    const { pod, atMs, change } = observation;
    const lane = lanes.get(pod.uid) ?? {
      pod: pod.name,
      uid: pod.uid,
      endpoint: endpoints.get(pod.name) ?? [],
      ...(warnings.has(pod.name) && { warnings: warnings.get(pod.name) ?? [] }),
      ...(change === "added" && { createdAtMs: atMs }),
    };
    const running = pod.containers.length > 0 && pod.containers.every((c) => c.state === "running");
    const termination = lane.termination ?? terminations.find(({ uid }) => uid === pod.uid);
    const setup = lane.setup ?? podSetup(pod);
    const sigtermAtMs = termination && sigtermMoment(termination, setup);
    const restarts = [...(lane.restarts ?? []), ...restartsIn(observation, counts)];
    lanes.set(pod.uid, {
      ...lane,
      ...(pod.node !== undefined && { node: pod.node }),
      ...(pod.revision !== undefined && { revision: pod.revision }),
      ...(lane.startedAtMs === undefined && running && { startedAtMs: atMs }),
      ...(lane.readyAtMs === undefined && pod.ready && { readyAtMs: atMs }),
      ...(setup !== undefined && { setup }),
      ...(restarts.length > 0 && { restarts }),
      ...(lane.notReadyAtMs === undefined && losesReadiness(pod) && { notReadyAtMs: atMs }),
      ...(termination !== undefined && { termination }),
      ...(sigtermAtMs !== undefined && { sigtermAtMs }),
    });
  }
  return [...lanes.values()];
}

/** Restarts since the pod was first seen: of those before, the history does not tell when they were. */
function restartsIn(
  { pod, atMs }: Extract<Observation, { type: "pod" }>,
  counts: Map<string, number>,
): readonly ContainerRestart[] {
  return pod.containers.flatMap(({ name, restartCount, previousExit }): ContainerRestart | [] => {
    const before = counts.get(`${pod.uid} ${name}`);
    counts.set(`${pod.uid} ${name}`, restartCount);
    if (before === undefined || restartCount <= before) return [];
    return { container: name, atMs, ...previousExit };
  });
}

/** Its containers run on, and its probe has noticed that it is leaving. */
function losesReadiness({ deletionTimestamp, ready, containers }: PodSnapshot): boolean {
  return (
    deletionTimestamp !== undefined && !ready && containers.some(({ state }) => state === "running")
  );
}

/** Known as soon as every container has a status. */
function podSetup({
  terminationGracePeriodSeconds,
  containers,
}: PodSnapshot): PodSetup | undefined {
  const setups = containers.flatMap(({ name, setup }) =>
    setup === undefined ? [] : [{ name, ...setup }],
  );
  if (setups.length === 0) return undefined;
  return { graceSeconds: terminationGracePeriodSeconds, containers: setups };
}

/** A failing probe warns once a period: kept is the first of each kind, and when it was last heard. */
function podWarnings(
  observations: readonly Observation[],
): ReadonlyMap<string, readonly PodWarning[]> {
  const byPod = new Map<string, Map<string, PodWarning>>();
  for (const observation of observations) {
    if (observation.type !== "event" || observation.severity !== "Warning") continue;
    const { about, reason, message, atMs } = observation;
    if (!about.startsWith("pod/")) continue;
    const pod = about.slice("pod/".length);
    const warnings = byPod.get(pod) ?? new Map<string, PodWarning>();
    byPod.set(pod, warnings);
    const kind = `${reason} ${message.replaceAll(/\d+/g, "#")}`; // ports and times differ at each try
    const first = warnings.get(kind) ?? { reason, message, firstAtMs: atMs };
    warnings.set(kind, { ...first, lastAtMs: atMs });
  }
  return new Map([...byPod].map(([pod, warnings]) => [pod, [...warnings.values()]]));
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
