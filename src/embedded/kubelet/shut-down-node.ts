import { setTimeout as sleep } from "node:timers/promises";
import type { EventRecorder } from "./events.ts";
import type { NodeRegistration } from "./node-registration.ts";
import type { PodWorker } from "./pod-worker.ts";
import type { PodWorkers } from "./pod-workers.ts";
import { isTerminal } from "./status/pod-status.ts";

/** Pods of at least this priority share one period, up to the next group's priority. */
export interface ShutdownGroup {
  readonly priority: number;
  readonly seconds: number;
}

/** From here on a pod is critical (system-cluster-critical). */
const CRITICAL_PRIORITY = 2_000_000_000;

const REASON = "Terminated";
const MESSAGE = "Pod was terminated in response to imminent node shutdown.";

/** The kubelet's two older settings as groups: the critical pods get the last part of the whole period. */
export function shutdownGroups(
  gracePeriodSeconds: number,
  criticalPodsSeconds: number,
): readonly ShutdownGroup[] {
  return [
    { priority: 0, seconds: gracePeriodSeconds - criticalPodsSeconds },
    { priority: CRITICAL_PRIORITY, seconds: criticalPodsSeconds },
  ];
}

/** Which pods end together, lowest priority first; groups without pods take no time and are left out. */
export function groupByPriority<P extends { readonly priority: number }>(
  pods: readonly P[],
  groups: readonly ShutdownGroup[],
): readonly { readonly seconds: number; readonly pods: readonly P[] }[] {
  const sorted = groups.toSorted((a, b) => a.priority - b.priority);
  const groupOf = ({ priority }: P) =>
    Math.max(
      0,
      sorted.findLastIndex((group) => group.priority <= priority),
    );
  return sorted
    .map(({ seconds }, index) => ({ seconds, pods: pods.filter((pod) => groupOf(pod) === index) }))
    .filter(({ pods: members }) => members.length > 0);
}

/**
 * Ends all pods as a node does that is told to power off: nobody deletes them, so their endpoints are
 * never terminating and stay ready until somebody notices that the node is not. Each group begins when
 * the one before has ended or its time is over. New pods are rejected from now on.
 */
export async function shutDownNode(
  node: {
    readonly name: string;
    readonly pods: PodWorkers;
    readonly registration: NodeRegistration;
    readonly events: EventRecorder;
  },
  groups: readonly ShutdownGroup[],
): Promise<void> {
  const { name, pods, registration, events } = node;
  pods.reject({
    reason: "NodeShutdown",
    message: "Pod was rejected as the node is shutting down.",
  });
  const message = "Shutdown manager detected shutdown event";
  const subject = { kind: "Node", apiVersion: "v1", name, uid: name };
  events.record(subject, { type: "Normal", reason: "Shutdown", message });
  const notReady = registration.shutDown("node is shutting down");
  const live = pods
    .all()
    .filter(({ pod }) => !isTerminal(pod.status.phase))
    .map((worker) => ({ worker, priority: worker.pod.spec.priority ?? 0 }));
  for (const group of groupByPriority(live, groups)) {
    await endGroup(
      group.pods.map(({ worker }) => worker),
      group.seconds,
    );
  }
  await notReady;
}

async function endGroup(workers: readonly PodWorker[], seconds: number): Promise<void> {
  const ended = workers.map((worker) => {
    const { terminationGracePeriodSeconds: own = 30 } = worker.pod.spec;
    const graceSeconds = Math.min(own, seconds);
    return worker.evict({ reason: REASON, message: MESSAGE, graceSeconds });
  });
  const done = new AbortController();
  const timeIsOver = sleep(seconds * 1000, undefined, { signal: done.signal }).catch(() => {});
  await Promise.race([Promise.all(ended), timeIsOver]);
  done.abort();
}
