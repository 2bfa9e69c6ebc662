import type { Observation, PodSnapshot } from "./observation.ts";
import type { ContainerExit, Termination } from "./termination.ts";

/** Rebuilds each pod's leaving from what the cluster said, in the order in which they were requested. */
export function rebuildTerminations(observations: readonly Observation[]): readonly Termination[] {
  const endpointLossAtMs = endpointLosses(observations);
  const watchDelay = watchDelayMs(observations);
  return podHistories(observations)
    .flatMap((sightings) => {
      const first = sightings.find(({ pod }) => pod.deletionTimestamp !== undefined);
      return first === undefined ? [] : [{ sightings, first }];
    })
    .map(({ sightings, first }) => {
      const own = ownDeletion(observations, first);
      const requestedAtMs = own?.atMs ?? first.atMs;
      const exited = sightings.find(({ pod }) => hasExited(pod));
      const gone = sightings.find(({ change }) => change === "deleted");
      const graceSeconds = first.pod.deletionGracePeriodSeconds ?? 0;
      const lost = endpointLossAtMs(first.pod.name, requestedAtMs);
      return {
        pod: first.pod.name,
        uid: first.pod.uid,
        ...optional("node", first.pod.node),
        ...optional("ip", first.pod.ip),
        ...optional("revision", first.pod.revision),
        deletionRequestedAtMs: requestedAtMs,
        t0UncertaintyMs: own === undefined ? (watchDelay ?? 0) : own.answeredAtMs - own.atMs,
        deletionSeenAtMs: first.atMs,
        gracePeriodSeconds: graceSeconds,
        ...optional("preStopSleepSeconds", first.pod.preStopSleepSeconds),
        ...optional("endpointNotReadyAtMs", lost),
        ...optional("t2UncertaintyMs", notBefore(requestedAtMs, lost, watchDelay)),
        ...optional("exitedAtMs", exited?.atMs),
        exits: exitsOf(exited, requestedAtMs, graceSeconds),
        ...optional("goneAtMs", gone?.atMs),
      };
    })
    .toSorted((a, b) => a.deletionRequestedAtMs - b.deletionRequestedAtMs);
}

type PodSighting = Extract<Observation, { type: "pod" }>;

function podHistories(observations: readonly Observation[]): readonly (readonly PodSighting[])[] {
  const histories = new Map<string, PodSighting[]>();
  for (const observation of observations) {
    if (observation.type !== "pod") continue;
    const history = histories.get(observation.pod.uid);
    if (history === undefined) histories.set(observation.pod.uid, [observation]);
    else history.push(observation);
  }
  return [...histories.values()];
}

function hasExited(pod: PodSnapshot): boolean {
  return (
    pod.deletionTimestamp !== undefined &&
    pod.containers.length > 0 &&
    pod.containers.every(({ state }) => state === "terminated")
  );
}

function exitsOf(
  exited: PodSighting | undefined,
  requestedAtMs: number,
  graceSeconds: number,
): readonly ContainerExit[] {
  if (exited === undefined) return [];
  const graceSpent = exited.atMs - requestedAtMs >= graceSeconds * 1000 - CLOCK_SLACK_MS;
  return exited.pod.containers.flatMap(({ name, exitCode, reason, finishedAt }) =>
    exitCode === undefined
      ? []
      : [
          {
            container: name,
            exitCode,
            ...optional("reason", reason),
            // 137 alone is no proof: OOM kills and lost containers (ContainerStatusUnknown) carry it too.
            forced: exitCode === 137 && reason === "Error" && graceSpent,
            ...optional("finishedAt", finishedAt),
          },
        ],
  );
}

/** The kubelet floors the time that preStop took to whole seconds, so SIGKILL may come a little early. */
const CLOCK_SLACK_MS = 500;

function ownDeletion(observations: readonly Observation[], sighting: PodSighting) {
  return observations.find(
    (observation) =>
      observation.type === "action" &&
      observation.verb === "delete" &&
      observation.object === `pod/${sighting.pod.name}` &&
      observation.atMs <= sighting.atMs,
  ) as Extract<Observation, { type: "action" }> | undefined; // narrowed by the predicate above
}

/** How far before an arrival the change may lie: as far as the watch was seen to lag, but not before T0. */
function notBefore(
  requestedAtMs: number,
  arrivedAtMs: number | undefined,
  watchDelay: number | undefined,
): number | undefined {
  if (arrivedAtMs === undefined || watchDelay === undefined) return undefined;
  return Math.max(0, Math.min(watchDelay, arrivedAtMs - requestedAtMs));
}

/**
 * How long the cluster's answers to our own actions took to arrive as observations, at worst; undefined
 * when no action of ours shows it.
 */
function watchDelayMs(observations: readonly Observation[]): number | undefined {
  const delays = observations.flatMap((action) => {
    if (action.type !== "action") return [];
    const echo = observations.find(
      ({ type, atMs }) => (type === "pod" || type === "workload") && atMs >= action.atMs,
    );
    return echo === undefined ? [] : [echo.atMs - action.atMs];
  });
  return delays.length === 0 ? undefined : Math.max(...delays);
}

/** For each pod: the first moment at or after an instant at which no slice lists it as ready. */
function endpointLosses(
  observations: readonly Observation[],
): (pod: string, fromMs: number) => number | undefined {
  const readyIn = new Map<string, Set<string>>();
  const losses = new Map<string, number[]>();
  for (const observation of observations) {
    if (observation.type !== "endpoint-slice") continue;
    const before = readyPods(readyIn);
    const ready = observation.endpoints.flatMap(({ pod, ready }) => (pod && ready ? [pod] : []));
    readyIn.set(observation.slice, new Set(observation.change === "deleted" ? [] : ready));
    const after = readyPods(readyIn);
    for (const pod of before.difference(after)) {
      losses.set(pod, [...(losses.get(pod) ?? []), observation.atMs]);
    }
  }
  // A slice may arrive just before the pod's own change: separate watches have no common order.
  return (pod, fromMs) => losses.get(pod)?.find((atMs) => atMs >= fromMs - WATCH_SKEW_MS);
}

const WATCH_SKEW_MS = 1_000;

function readyPods(readyIn: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  return new Set([...readyIn.values()].flatMap((pods) => [...pods]));
}

/** An object with one property, or with none when the value is absent. */
function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V }); // a computed key loses its literal type
}
