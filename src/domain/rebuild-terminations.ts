import { containerExits } from "./container-exits.ts";
import { type EndpointLosses, endpointLosses } from "./endpoint-losses.ts";
import type { Observation, PodSnapshot } from "./observation.ts";
import { optional } from "./optional.ts";
import type { Termination } from "./termination.ts";
import {
  cameBackWithMachine,
  endingsBySignal,
  endingWithMachine,
} from "./unannounced-terminations.ts";

/** Rebuilds each pod's leaving from what the cluster said, in the order in which they were requested. */
export function rebuildTerminations(observations: readonly Observation[]): readonly Termination[] {
  const endpoints = endpointLosses(observations);
  const watchDelay = watchDelayMs(observations);
  return podHistories(observations)
    .flatMap((sightings) => {
      const surroundings = { observations, endpoints, watchDelay };
      const withMachine = endingWithMachine(sightings, surroundings);
      return [
        ...endingsBySignal(sightings, surroundings),
        ...withMachine,
        // What was gone with its machine does not leave once more when its object is deleted.
        ...(withMachine.length === 0 || cameBackWithMachine(sightings, observations)
          ? rebuildOne(sightings, surroundings)
          : []),
      ];
    })
    .toSorted((a, b) => a.deletionRequestedAtMs - b.deletionRequestedAtMs);
}

interface Surroundings {
  readonly observations: readonly Observation[];
  readonly endpoints: EndpointLosses;
  readonly watchDelay: number | undefined;
}

/** Where no action of ours shows how late the watch is, this much is assumed. */
const ASSUMED_WATCH_DELAY_MS = 1_000;

function rebuildOne(
  sightings: readonly PodSighting[],
  { observations, endpoints, watchDelay }: Surroundings,
): readonly Termination[] {
  const gone = sightings.find(({ change }) => change === "deleted");
  // A forced deletion, or one that fell into a gap of the watch, shows only that the pod is gone.
  const first = sightings.find(({ pod }) => pod.deletionTimestamp !== undefined) ?? gone;
  if (first === undefined) return [];
  const own = ownDeletion(observations, first);
  const requestedAtMs = own?.atMs ?? first.atMs;
  const exited = sightings.find(({ pod }) => hasExited(pod));
  const lost = endpoints.lossAtMs(first.pod.name, requestedAtMs);
  const t0UncertaintyMs =
    own === undefined
      ? Math.max(
          Math.min(watchDelay ?? ASSUMED_WATCH_DELAY_MS, sinceTaintMs(observations, first)),
          blindBeforeMs(observations, first.atMs),
        )
      : own.answeredAtMs - own.atMs;
  // A second delete may shorten the grace; the last word counts.
  const graceSeconds = (exited ?? first).pod.deletionGracePeriodSeconds ?? 0;
  return [
    {
      pod: first.pod.name,
      uid: first.pod.uid,
      ...optional("node", first.pod.node),
      ...optional("ip", first.pod.ip),
      ...optional("revision", first.pod.revision),
      deletionRequestedAtMs: requestedAtMs,
      t0UncertaintyMs,
      deletionSeenAtMs: first.atMs,
      gracePeriodSeconds: graceSeconds,
      ...optional("preStopSleepSeconds", first.pod.preStopSleepSeconds),
      ...optional("endpointNotReadyAtMs", lost),
      ...optional("t2UncertaintyMs", notBefore(requestedAtMs, lost, watchDelay)),
      ...(lost === undefined && endpoints.listed(first.pod.name) && { neverDelisted: true }),
      ...(endpoints.listedWhileTerminating(first.pod.name) && { readyWhileTerminating: true }),
      ...optional("exitedAtMs", exited?.atMs),
      exits:
        exited === undefined
          ? []
          : containerExits(exited.pod, {
              afterMs: exited.atMs - (requestedAtMs - t0UncertaintyMs),
              graceSeconds,
            }),
      ...optional("goneAtMs", gone?.atMs),
    },
  ];
}

/** What was held back during a gap comes at its end, or just after it. */
const AFTER_GAP_MS = 250;

/** How long the watch of the pods had been blind or late when it told of something. */
function blindBeforeMs(observations: readonly Observation[], atMs: number): number {
  const blind = observations.flatMap((each) =>
    each.type === "watch-gap" &&
    each.resource === "pods" &&
    each.atMs <= atMs &&
    each.untilMs >= atMs - AFTER_GAP_MS
      ? [atMs - each.atMs]
      : [],
  );
  return Math.max(0, ...blind);
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

type Action = Extract<Observation, { type: "action" }>;

/** The last delete of ours that was accepted before the deletion was seen: earlier ones met a namesake. */
function ownDeletion(
  observations: readonly Observation[],
  sighting: PodSighting,
): Action | undefined {
  return observations.findLast(
    (observation): observation is Action =>
      observation.type === "action" &&
      isDeletion(observation) &&
      observation.object === `pod/${sighting.pod.name}` &&
      observation.atMs <= sighting.atMs,
  );
}

/** Our taint is why the pods of its node are deleted, so none of them was before it was sent. */
function sinceTaintMs(observations: readonly Observation[], { pod, atMs }: PodSighting): number {
  const taint = observations.findLast(
    (each) =>
      each.type === "action" &&
      each.verb === "taint" &&
      each.object === `node/${pod.node}` &&
      each.atMs <= atMs,
  );
  return taint === undefined ? Number.POSITIVE_INFINITY : atMs - taint.atMs;
}

/** An eviction that a budget allowed is a deletion too. */
function isDeletion({ verb, result }: Action): boolean {
  return (
    (verb === "delete" && result.startsWith("deleted")) ||
    (verb === "evict" && result.startsWith("evicted"))
  );
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
      (observation) => observation.atMs >= action.atMs && isEcho(observation, action),
    );
    return echo === undefined ? [] : [echo.atMs - action.atMs];
  });
  return delays.length === 0 ? undefined : Math.max(...delays);
}

/** Whether an observation shows what an action of ours has changed. */
function isEcho(observation: Observation, action: Action): boolean {
  const { object, verb } = action;
  if (observation.type === "workload") return isWorkload(object);
  if (observation.type !== "pod" || !(verb === "delete" || isDeletion(action))) return false;
  return (
    `pod/${observation.pod.name}` === object && observation.pod.deletionTimestamp !== undefined
  );
}

/** `deployment/web`; of a pod, a node or another object the workload shows nothing. */
function isWorkload(object: string): boolean {
  return /^(?:deployment|statefulset|daemonset)\//.test(object);
}
