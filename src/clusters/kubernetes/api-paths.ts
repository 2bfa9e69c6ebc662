import type { WorkloadRef } from "#domain/workload.ts";

const PLURALS: Readonly<Record<WorkloadRef["kind"], string>> = {
  Deployment: "deployments",
  StatefulSet: "statefulsets",
  DaemonSet: "daemonsets",
};

/** The collection that the workload is listed in. */
export function workloadCollection({ kind, namespace }: WorkloadRef): string {
  return `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${PLURALS[kind]}`;
}

/** The workload's own address. */
export function workloadPath(workload: WorkloadRef): string {
  return `${workloadCollection(workload)}/${encodeURIComponent(workload.name)}`;
}

/** The collection of a namespace in the core group: pods, services, events. */
export function coreCollection(namespace: string, plural: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

/** `Deployment shop/web`: how errors name an object. */
export function describeObject(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}
