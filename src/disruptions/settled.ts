import { type ClusterView, isActive, readyEndpoints, readyPods } from "#domain/cluster-view.ts";

/** What the workload must have become. */
interface Goal {
  /** The generation of the last write; what an older one says does not count. */
  readonly generation: number;
  /** Absent: as many as the workload itself says it wants. */
  readonly replicas?: number;
}

/**
 * The workload is as its spec wants it: every pod available and listed as a ready endpoint, none too many,
 * and none on its way out. `kubectl rollout status` says done earlier, while old pods still terminate.
 */
export function isSettled(view: ClusterView, { generation, replicas }: Goal): boolean {
  const { workload } = view;
  if (workload === undefined || (workload.observedGeneration ?? 0) < generation) return false;
  const { desired, available } = workload;
  if (replicas !== undefined && desired !== replicas) return false;
  const pods = [...view.pods.values()];
  const ready = readyPods(view);
  const endpoints = readyEndpoints(view);
  return (
    available === desired &&
    ready.length === desired &&
    pods.filter(isActive).length === desired &&
    pods.every(({ deletionTimestamp }) => deletionTimestamp === undefined) &&
    ready.every(({ name }) => endpoints.has(name))
  );
}
