import type {
  EndpointSnapshot,
  Observation,
  PodSnapshot,
  WorkloadSnapshot,
} from "./observation.ts";

/** The present as far as the observations tell it: what a watching client knows now. */
export interface ClusterView {
  /** By uid: a StatefulSet's next pod has the name of the last. Gone pods are not in it. */
  readonly pods: ReadonlyMap<string, PodSnapshot>;
  /** By slice name. */
  readonly slices: ReadonlyMap<string, readonly EndpointSnapshot[]>;
  /** Absent until it was seen. */
  readonly workload?: WorkloadSnapshot;
  /** The last warning of each reason about each object, the newest last. */
  readonly warnings: readonly WarningEvent[];
}

/** A Kubernetes Event, as the kubelet or a controller told it; the view keeps the warnings only. */
export type WarningEvent = Extract<Observation, { type: "event" }>;

/** What a client knows that has not looked yet. */
export const EMPTY_VIEW: ClusterView = { pods: new Map(), slices: new Map(), warnings: [] };

/** Enough to explain any wait; a cluster in trouble repeats itself without end. */
const WARNINGS_KEPT = 100;

/** The view after one more observation; what does not change the picture leaves it as it is. */
export function foldObservation(view: ClusterView, observation: Observation): ClusterView {
  switch (observation.type) {
    case "pod":
      return { ...view, pods: foldPod(view.pods, observation) };
    case "endpoint-slice":
      return { ...view, slices: foldSlice(view.slices, observation) };
    case "workload":
      return { ...view, workload: observation.workload };
    case "event":
      if (observation.severity !== "Warning") return view;
      return { ...view, warnings: foldWarning(view.warnings, observation) };
    case "action":
    case "usage":
    case "witness":
    case "machine":
    case "watch-gap":
      return view;
  }
}

/** Takes part in serving: it is not on its way out, and has not ended. */
export function isActive({ deletionTimestamp, phase }: PodSnapshot): boolean {
  return deletionTimestamp === undefined && phase !== "Succeeded" && phase !== "Failed";
}

/** Active and ready: what a load balancer may send new connections to. */
export function readyPods({ pods }: ClusterView): readonly PodSnapshot[] {
  return [...pods.values()].filter((pod) => isActive(pod) && pod.ready);
}

/** Names of the pods that any slice of the Service lists as ready. */
export function readyEndpoints({ slices }: ClusterView): ReadonlySet<string> {
  const endpoints = [...slices.values()].flat();
  return new Set(endpoints.flatMap(({ pod, ready }) => (pod !== undefined && ready ? [pod] : [])));
}

/** How many pods are in which state, as progress shows them; a state without pods is left out. */
export function countPodStates({ pods }: ClusterView): Readonly<Record<string, number>> {
  const states = Map.groupBy(pods.values(), podState);
  return Object.fromEntries([...states].map(([state, those]) => [state, those.length]));
}

/** One word per pod, close to what `kubectl get pods` shows. */
export function podState(pod: PodSnapshot): string {
  if (pod.deletionTimestamp !== undefined) return "terminating";
  if (!isActive(pod)) return pod.phase.toLowerCase();
  if (pod.ready) return "ready";
  return pod.phase === "Pending" ? "pending" : "not ready";
}

function foldPod(
  pods: ClusterView["pods"],
  { change, pod }: Extract<Observation, { type: "pod" }>,
): ClusterView["pods"] {
  const next = new Map(pods);
  if (change === "deleted") next.delete(pod.uid);
  else next.set(pod.uid, pod);
  return next;
}

function foldSlice(
  slices: ClusterView["slices"],
  { change, slice, endpoints }: Extract<Observation, { type: "endpoint-slice" }>,
): ClusterView["slices"] {
  const next = new Map(slices);
  if (change === "deleted") next.delete(slice);
  else next.set(slice, endpoints);
  return next;
}

function foldWarning(
  warnings: readonly WarningEvent[],
  warning: WarningEvent,
): readonly WarningEvent[] {
  const others = warnings.filter(
    ({ about, reason }) => about !== warning.about || reason !== warning.reason,
  );
  return [...others, warning].slice(-WARNINGS_KEPT);
}
