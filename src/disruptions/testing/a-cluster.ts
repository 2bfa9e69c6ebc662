import type { Observation, PodSnapshot } from "#domain/observation.ts";
import type { UndoStep } from "#domain/undo-step.ts";
import type { KubernetesObject, WorkloadRef } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { UndoLog } from "#ports/undo-log.ts";

/** The workload that all these builders and recordings are about. */
export const WEB: WorkloadRef = { kind: "Deployment", namespace: "shop", name: "web" };

/** A cluster that does what a test says, and nothing else. */
export function aCluster(operations: Partial<Cluster> = {}): Cluster {
  const unexpected = (): never => {
    throw new TypeError("The test did not expect this operation.");
  };
  return {
    description: "scripted",
    kubernetesVersion: "v1.36.2",
    apply: unexpected,
    readGeneration: unexpected,
    observe: unexpected,
    deletePod: unexpected,
    readLogTail: unexpected,
    readUsage: unexpected,
    locateService: unexpected,
    readObject: unexpected,
    listObjects: unexpected,
    createObject: unexpected,
    patchObject: unexpected,
    deleteObject: unexpected,
    evictPod: unexpected,
    runInContainer: unexpected,
    openSession: unexpected,
    reachMachine: unexpected,
    shutDownNode: unexpected,
    loseNode: unexpected,
    turnOnNode: unexpected,
    killContainer: unexpected,
    stop: unexpected,
    ...operations,
  };
}

/** The workload as the API has it, before anything was changed. */
export const A_DEPLOYMENT: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    replicas: 2,
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: "shop:1" }] },
    },
  },
};

/** An undo log in memory; `ended` is what it was told last. */
export function anUndoLog(
  ...initial: readonly UndoStep[]
): UndoLog & { readonly ended: boolean | undefined } {
  let steps = [...initial];
  let lastEnded: boolean | undefined;
  return {
    get steps() {
      return steps;
    },
    get ended() {
      return lastEnded;
    },
    record: async (step) => {
      steps.push(step);
    },
    keep: async (kept, { ended }) => {
      steps = [...kept];
      lastEnded = ended;
    },
    forget: async (step) => {
      steps = steps.filter((each) => each !== step);
    },
  };
}

/** A running pod that is not ready; its one container is waiting. */
export function anUnreadyPod(
  container: Partial<PodSnapshot["containers"][number]>,
  fields: Partial<PodSnapshot> = {},
): PodSnapshot {
  return {
    name: "web-1",
    uid: "uid-of-web-1",
    phase: "Running",
    ready: false,
    terminationGracePeriodSeconds: 30,
    containers: [{ name: "app", ready: false, restartCount: 0, state: "waiting", ...container }],
    ...fields,
  };
}

/** The pod as the watch shows it once it is known already. */
export function podAt(atMs: number, pod: PodSnapshot): Observation {
  return { type: "pod", atMs, change: "modified", pod };
}

/** A pod that serves, unless the fields say otherwise. */
export function aReadyPod(name: string, fields: Partial<PodSnapshot> = {}): PodSnapshot {
  const container = { name: "app", ready: true, restartCount: 0, state: "running" } as const;
  return {
    name,
    uid: `uid-of-${name}`,
    phase: "Running",
    ready: true,
    terminationGracePeriodSeconds: 30,
    containers: [container],
    ...fields,
  };
}

/** The Service's only slice, listing these pods as ready. */
export function endpointsAt(atMs: number, ...pods: readonly string[]): Observation {
  const listed = { ready: true, serving: true, terminating: false };
  const endpoints = pods.map((pod) => ({ address: pod, pod, ...listed }));
  return {
    type: "endpoint-slice",
    atMs,
    change: "modified",
    slice: "web",
    service: "web",
    endpoints,
  };
}

/** A Deployment whose controller has done all it should. */
export function settledAt(atMs: number, desired: number, generation = 1): Observation {
  const workload = { kind: "Deployment", name: "web", generation, observedGeneration: generation };
  const counts = { desired, ready: desired, updated: desired, available: desired };
  return { type: "workload", atMs, workload: { ...workload, ...counts } };
}

/** A Deployment of which nothing is available yet. */
export function workloadAt(atMs: number, desired = 1): Observation {
  const workload = { kind: "Deployment", name: "web", generation: 1, observedGeneration: 1 };
  const counts = { desired, ready: 0, updated: desired, available: 0 };
  return { type: "workload", atMs, workload: { ...workload, ...counts } };
}

/** What a component says of an object, such as `pod/web-1`, as its reason and its words. */
export function warningAt(
  atMs: number,
  about: string,
  [reason, message]: [string, string],
): Observation {
  return { type: "event", atMs, about, severity: "Warning", reason, message };
}
