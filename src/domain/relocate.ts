import type { Exchange } from "./exchange.ts";
import type { HeldConnection } from "./held-connection.ts";
import type { Observation, PodSnapshot } from "./observation.ts";
import type { Audit, Transaction } from "./transaction.ts";

/** Where the parts of one history go among those of others. */
export interface Place {
  readonly shiftMs: number;
  /** By stream: how many requests come before. */
  readonly seqShift: ReadonlyMap<string, number>;
  /** Pods of two histories may have the same name, and connections the same number. */
  readonly podName: (name: string) => string;
  readonly connectionId: (id: number) => number;
}

/** Every instant, pod and slice of it at their place. */
export function relocateObservation(observation: Observation, place: Place): Observation {
  const atMs = observation.atMs + place.shiftMs;
  switch (observation.type) {
    case "pod":
      return { ...observation, atMs, pod: movedPod(observation.pod, place) };
    case "endpoint-slice": {
      const endpoints = observation.endpoints.map(({ pod, ...endpoint }) =>
        pod === undefined ? endpoint : { ...endpoint, pod: place.podName(pod) },
      );
      return { ...observation, atMs, slice: place.podName(observation.slice), endpoints };
    }
    case "workload":
    case "witness":
    case "machine":
      return { ...observation, atMs };
    case "event":
      return { ...observation, atMs, about: movedRef(observation.about, place) };
    case "action": {
      const answeredAtMs = observation.answeredAtMs + place.shiftMs;
      return { ...observation, atMs, answeredAtMs, object: movedRef(observation.object, place) };
    }
    case "usage": {
      const { podName } = place;
      const [pod, uid] = [podName(observation.pod), podName(observation.uid)];
      return { ...observation, atMs, pod, uid };
    }
    case "watch-gap":
      return { ...observation, atMs, untilMs: observation.untilMs + place.shiftMs };
  }
}

function movedPod(pod: PodSnapshot, { podName }: Place): PodSnapshot {
  return { ...pod, name: podName(pod.name), uid: podName(pod.uid) };
}

/** `pod/web-1`; other objects are the same in each repetition. */
function movedRef(object: string, { podName }: Place): string {
  return object.startsWith("pod/") ? podName(object) : object;
}

/** Its instants, numbers and pod at their place. */
export function relocateExchange(exchange: Exchange, place: Place): Exchange {
  const { shiftMs, seqShift, podName, connectionId } = place;
  const { connectedAtMs, firstByteAtMs, servedBy } = exchange;
  return {
    ...exchange,
    seq: exchange.seq + (seqShift.get(exchange.stream) ?? 0),
    scheduledAtMs: exchange.scheduledAtMs + shiftMs,
    sentAtMs: exchange.sentAtMs + shiftMs,
    ...(connectedAtMs !== undefined && { connectedAtMs: connectedAtMs + shiftMs }),
    ...(firstByteAtMs !== undefined && { firstByteAtMs: firstByteAtMs + shiftMs }),
    endedAtMs: exchange.endedAtMs + shiftMs,
    connectionId: connectionId(exchange.connectionId),
    ...(servedBy !== undefined && { servedBy: podName(servedBy) }),
  };
}

/** Its instants, number and pod at their place. */
export function relocateConnection(
  held: HeldConnection,
  { shiftMs, podName, connectionId }: Place,
): HeldConnection {
  return {
    ...held,
    connectionId: connectionId(held.connectionId),
    openedAtMs: held.openedAtMs + shiftMs,
    endedAtMs: held.endedAtMs + shiftMs,
    ...(held.pod !== undefined && { pod: podName(held.pod) }),
  };
}

/** Its moment, and those of what its checks found. */
export function relocateAudit(audit: Audit, shiftMs: number): Audit {
  const atMs = audit.atMs + shiftMs;
  if (audit.type === "unreadable" || audit.findings === undefined) return { ...audit, atMs };
  const findings = audit.findings.map((finding) => ({ ...finding, atMs: finding.atMs + shiftMs }));
  return { ...audit, atMs, findings };
}

/** Its steps name requests of `stream` by their numbers. */
export function relocateTransaction(
  transaction: Transaction,
  { shiftMs, seqShift }: Place,
  stream: string,
): Transaction {
  const before = seqShift.get(stream) ?? 0;
  return {
    ...transaction,
    steps: transaction.steps.map((step) =>
      step.outcome === "not-started" ? step : { ...step, exchange: step.exchange + before },
    ),
    startedAtMs: transaction.startedAtMs + shiftMs,
    endedAtMs: transaction.endedAtMs + shiftMs,
  };
}
