import type { KubernetesObject } from "#domain/workload.ts";

/** What others need comes first: what is not listed stands between the Services and the workloads. */
const FIRST: readonly (readonly string[])[] = [
  ["Namespace"],
  ["CustomResourceDefinition", "StorageClass", "PersistentVolume"],
  ["ServiceAccount", "ConfigMap", "Secret", "PersistentVolumeClaim"],
  ["Service"],
];
const LAST = ["Pod", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

/** The order to create objects in; objects of one rank keep the order of the file. */
export function applyOrder(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.toSorted((a, b) => rankOf(a.kind) - rankOf(b.kind));
}

function rankOf(kind: string): number {
  const rank = FIRST.findIndex((kinds) => kinds.includes(kind));
  if (rank >= 0) return rank;
  return LAST.includes(kind) ? FIRST.length + 1 : FIRST.length;
}
