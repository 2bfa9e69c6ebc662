import type { TraceObject } from "./trace.ts";

/** An object and the collection it belongs to. */
export interface Known {
  readonly resource: string;
  readonly object: TraceObject;
}

/**
 * Whether a recording may end: no pod is leaving or on its way to ready, and every workload has and says
 * what it wants.
 */
export function isSettled(objects: readonly Known[]): boolean {
  return objects.every(({ resource, object }) => {
    if (resource === "pods") return isSettledPod(object);
    return !WORKLOADS.has(resource) || isSettledWorkload(object);
  });
}

const WORKLOADS = new Set(["replicasets", "deployments", "statefulsets"]);

function isSettledPod({ metadata, status = {} }: TraceObject): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  if (status["phase"] === "Succeeded" || status["phase"] === "Failed") return true;
  const conditions = (status["conditions"] ?? []) as readonly { type: string; status: string }[];
  return conditions.some(({ type, status: value }) => type === "Ready" && value === "True");
}

function isSettledWorkload({ metadata, spec = {}, status = {} }: TraceObject): boolean {
  const count = (field: string) => Number(status[field] ?? 0);
  const wanted = Number(spec["replicas"] ?? 0);
  return (
    count("observedGeneration") >= (metadata.generation ?? 0) &&
    count("terminatingReplicas") === 0 &&
    count("replicas") === wanted &&
    count("readyReplicas") === wanted
  );
}
