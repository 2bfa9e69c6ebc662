import { containerExits } from "./container-exits.ts";
import type { EndpointLosses } from "./endpoint-losses.ts";
import type { ContainerSnapshot, Observation, PodSnapshot } from "./observation.ts";
import { optional } from "./optional.ts";
import type { ContainerExit, Termination } from "./termination.ts";

type PodSighting = Extract<Observation, { type: "pod" }>;
type Action = Extract<Observation, { type: "action" }>;

interface Surroundings {
  readonly observations: readonly Observation[];
  readonly endpoints: EndpointLosses;
}

/*
 * Leavings that no deletion announces, because they begin outside of the API. T0 is the sending of what we did;
 * nothing was done before it.
 */

/** Its machine was turned off or lost; none when it was not, or the pod was leaving already. */
export function endingWithMachine(
  sightings: readonly PodSighting[],
  surroundings: Surroundings,
): readonly Termination[] {
  const found = endings(sightings, surroundings, ({ verb, object, result, answeredAtMs }, pod) => {
    if (object !== `node/${pod.node}`) return undefined;
    // Nothing of it runs any more, and nobody will ever see how it ended.
    if (verb === "lose" && result === "lost") {
      return () => ({ exits: [], goneAtMs: answeredAtMs, killedOutright: "machine-lost" });
    }
    return verb === "shut-down" && result === "off" ? shutDown : undefined;
  });
  return found.slice(0, 1);
}

/** It ran again on its machine, which had been turned on, when its deletion was seen. */
export function cameBackWithMachine(
  sightings: readonly PodSighting[],
  observations: readonly Observation[],
): boolean {
  const deleted = sightings.find(({ change, pod }) => change === "deleted" || isLeaving(pod));
  if (deleted?.pod.phase !== "Running") return false;
  return observations.some(
    (each) =>
      each.type === "action" &&
      each.verb === "turn-on" &&
      each.object === `node/${deleted.pod.node}` &&
      each.answeredAtMs <= deleted.atMs,
  );
}

/** A signal of ours ended a container, once for each. */
export function endingsBySignal(
  sightings: readonly PodSighting[],
  surroundings: Surroundings,
): readonly Termination[] {
  return endings(sightings, surroundings, ({ verb, object, result }, pod) =>
    verb === "signal" && result.startsWith("sent") && object === `pod/${pod.name}`
      ? ended
      : undefined,
  );
}

type Ending = Pick<Termination, "exits"> & Partial<Termination>;
type HowItEnded = (
  action: Action,
  pod: PodSnapshot,
  after: readonly PodSighting[],
) => Ending | undefined;

/** `concerns` tells of an action how a pod ends by it, if it does. */
function endings(
  sightings: readonly PodSighting[],
  { observations, endpoints }: Surroundings,
  concerns: (action: Action, pod: PodSnapshot) => HowItEnded | undefined,
): readonly Termination[] {
  return observations.flatMap((action) => {
    if (action.type !== "action") return [];
    const before = sightings.findLast(({ atMs }) => atMs <= action.atMs);
    if (before === undefined || !isAlive(before)) return [];
    const { pod } = before;
    const after = sightings.filter(({ atMs }) => atMs > action.atMs);
    const ending = concerns(action, pod)?.(action, pod, after);
    if (ending === undefined) return [];
    return [
      {
        pod: pod.name,
        uid: pod.uid,
        ...optional("node", pod.node),
        ...optional("ip", pod.ip),
        ...optional("revision", pod.revision),
        deletionRequestedAtMs: action.atMs,
        t0UncertaintyMs: 0,
        gracePeriodSeconds: pod.terminationGracePeriodSeconds,
        ...optional("endpointNotReadyAtMs", endpoints.lossAtMs(pod.name, action.atMs)),
        ...ending,
      },
    ];
  });
}

/** A kubelet that was told ends its pods and says so; of another's pods only the machine's end is known. */
function shutDown(action: Action, pod: PodSnapshot, after: readonly PodSighting[]): Ending {
  const exited = after.find(({ pod: { phase } }) => phase === "Failed" || phase === "Succeeded");
  const common = optional("preStopSleepSeconds", pod.preStopSleepSeconds);
  if (exited === undefined || exited.atMs > action.answeredAtMs + LATE_MS) {
    return { ...common, exits: [], goneAtMs: action.answeredAtMs };
  }
  const afterMs = exited.atMs - action.atMs;
  const graceSeconds = pod.terminationGracePeriodSeconds;
  return {
    ...common,
    exitedAtMs: exited.atMs,
    exits: containerExits(exited.pod, { afterMs, graceSeconds }),
    goneAtMs: exited.atMs,
  };
}

/** The kubelet's last words may arrive after its machine is off. */
const LATE_MS = 1_000;

/** The pod stays, and its container is started again: of the one before only the exit is told. */
function ended(
  { result }: Action,
  pod: PodSnapshot,
  after: readonly PodSighting[],
): Ending | undefined {
  const outright = result.startsWith("sent SIGKILL ") && { killedOutright: "SIGKILL" as const };
  for (const sighting of after) {
    // What ends a pod that is being deleted is the deletion.
    if (sighting.pod.deletionTimestamp !== undefined) return undefined;
    const exits = sighting.pod.containers.flatMap((container) => exitSince(pod, container));
    const { atMs } = sighting;
    if (exits.length > 0) {
      return { exitedAtMs: atMs, exits, goneAtMs: atMs, comesBack: true, ...outright };
    }
  }
  return undefined; // the signal ended nothing
}

function exitSince(before: PodSnapshot, now: ContainerSnapshot): readonly ContainerExit[] {
  const then = before.containers.find(({ name }) => name === now.name);
  const common = { container: now.name, forced: false };
  if (now.restartCount > (then?.restartCount ?? 0) && now.previousExit !== undefined) {
    return [{ ...common, ...now.previousExit }];
  }
  if (now.state !== "terminated" || then?.state === "terminated") return [];
  if (now.exitCode === undefined) return [];
  return [
    {
      ...common,
      exitCode: now.exitCode,
      ...optional("reason", now.reason),
      ...optional("finishedAt", now.finishedAt),
    },
  ];
}

function isAlive({ change, pod }: PodSighting): boolean {
  return change !== "deleted" && !isLeaving(pod) && pod.phase === "Running";
}

function isLeaving({ deletionTimestamp }: PodSnapshot): boolean {
  return deletionTimestamp !== undefined;
}
