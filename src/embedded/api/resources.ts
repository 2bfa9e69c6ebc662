import type { Resource } from "./client.ts";

/** The resources that the cluster's own parts use, by their plural. */
export const PODS = core("pods", "Pod");
export const SERVICES = core("services", "Service");
export const ENDPOINTS = core("endpoints", "Endpoints");
export const EVENTS = core("events", "Event");
export const CONFIG_MAPS = core("configmaps", "ConfigMap");
export const RESOURCE_QUOTAS = core("resourcequotas", "ResourceQuota");
export const SECRETS = core("secrets", "Secret");
export const SERVICE_ACCOUNTS = core("serviceaccounts", "ServiceAccount");
export const REPLICATION_CONTROLLERS = core("replicationcontrollers", "ReplicationController");
export const PERSISTENT_VOLUME_CLAIMS = core("persistentvolumeclaims", "PersistentVolumeClaim");
export const NAMESPACES: Resource = { ...core("namespaces", "Namespace"), namespaced: false };
export const NODES: Resource = { ...core("nodes", "Node"), namespaced: false };
export const DEPLOYMENTS = namespaced("apps", "v1", "deployments", "Deployment");
export const REPLICA_SETS = namespaced("apps", "v1", "replicasets", "ReplicaSet");
export const STATEFUL_SETS = namespaced("apps", "v1", "statefulsets", "StatefulSet");
export const DAEMON_SETS = namespaced("apps", "v1", "daemonsets", "DaemonSet");
export const CONTROLLER_REVISIONS = namespaced(
  "apps",
  "v1",
  "controllerrevisions",
  "ControllerRevision",
);
export const JOBS = namespaced("batch", "v1", "jobs", "Job");
export const CRON_JOBS = namespaced("batch", "v1", "cronjobs", "CronJob");
export const POD_DISRUPTION_BUDGETS = namespaced(
  "policy",
  "v1",
  "poddisruptionbudgets",
  "PodDisruptionBudget",
);
export const LEASES = namespaced("coordination.k8s.io", "v1", "leases", "Lease");
export const ENDPOINT_SLICES = namespaced(
  "discovery.k8s.io",
  "v1",
  "endpointslices",
  "EndpointSlice",
);

function core(plural: string, kind: string): Resource {
  return { group: "", version: "v1", plural, kind, namespaced: true };
}

function namespaced(group: string, version: string, plural: string, kind: string): Resource {
  return { group, version, plural, kind, namespaced: true };
}
