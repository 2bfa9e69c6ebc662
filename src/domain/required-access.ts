import { type AccessRule, ruleFor, ruleForAll } from "./access-rule.ts";
import type { Disruption } from "./disruption.ts";
import { workloadRef } from "./object-ref.ts";
import type { Scenario } from "./scenario.ts";
import type { Threshold } from "./threshold.ts";
import type { KubernetesObject, WorkloadRef } from "./workload.ts";

/** What is known of a run before it is made, as far as it matters to what it may do. */
export interface PlannedRun {
  readonly scenario: Pick<Scenario, "objects" | "workload" | "service" | "url">;
  readonly disruptions: readonly Disruption[];
  readonly promises: readonly Pick<Threshold, "metric">[];
  /** Whether the load comes from pods of the cluster. */
  readonly loadsFromInside?: boolean;
  /** Whether a workload that is there already is scaled before the load. */
  readonly scalesRunning?: boolean;
}

/** By which a planned run is found among cucumber's messages. */
export const PLAN_MEDIA_TYPE = "application/vnd.lastcall.plan+json";

/**
 * The least leave with which the run measures what it promises, in a namespace that is there.
 *
 * Not among it is what a run asks for and does without: a look at the namespace, and at the nodes, in whose
 * place it takes those that carry a pod of the Service.
 */
export function requiredAccess(run: PlannedRun): readonly AccessRule[] {
  const { scenario, disruptions, promises, loadsFromInside, scalesRunning } = run;
  const { objects, workload, service, url } = scenario;
  const { namespace } = workload;
  const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace };
  return [
    ruleForAll(lease, ["create"]),
    ruleFor({ ...lease, name: "lastcall" }, ["get", "patch", "delete"]),
    ...watched(workload),
    ...objects.flatMap(applied),
    ...(scalesRunning === true ? [ruleFor(workloadRef(workload), ["get", "patch"])] : []),
    ...(url === undefined
      ? [ruleFor({ apiVersion: "v1", kind: "Service", namespace, name: service }, ["get"])]
      : []),
    ...(loadsFromInside === true ? loading(namespace) : []),
    ...disruptions.flatMap((disruption) => disrupted(disruption)),
    ...(promises.some(({ metric }) => metric === "leaks")
      ? [ruleForAll(NODE, ["get"], "proxy")]
      : []),
  ];
}

const NODE = { apiVersion: "v1", kind: "Node" } as const;
const POD = { apiVersion: "v1", kind: "Pod" } as const;

/** What is watched for the whole run; the log is for the error of a workload that does not get ready. */
function watched(workload: WorkloadRef): readonly AccessRule[] {
  const { namespace } = workload;
  return [
    ruleFor(workloadRef(workload), ["get", "list", "watch"]),
    ruleForAll({ ...POD, namespace }, ["list", "watch"]),
    ruleForAll({ ...POD, namespace }, ["get"], "log"),
    ruleForAll({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace }, [
      "list",
      "watch",
    ]),
    ruleForAll({ apiVersion: "v1", kind: "Event", namespace }, ["list", "watch"]),
  ];
}

/** The Job of the load workers, whose name is the run's; its pods are listed with the others. */
function loading(namespace: string): readonly AccessRule[] {
  return [
    ruleForAll({ apiVersion: "batch/v1", kind: "Job", namespace }, ["create", "delete"]),
    ruleForAll({ ...POD, namespace }, ["get", "create"], "exec"),
  ];
}

/**
 * Kinds whose whole content is the manifest's. They are replaced, so that a field that left the manifest
 * leaves the cluster: a merge would keep an old `terminationGracePeriodSeconds`. Other kinds carry what the
 * server allocated (a cluster IP, a volume), so the manifest is merged into them.
 */
export const REPLACED_KINDS: ReadonlySet<string> = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ConfigMap",
  "Secret",
]);

/** Each manifest is looked for, created where it is missing, and else updated. */
function applied({ apiVersion, kind, metadata }: KubernetesObject): readonly AccessRule[] {
  const { name, namespace } = metadata;
  const ref = { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
  const update = REPLACED_KINDS.has(kind) ? "update" : "patch";
  return [ruleForAll(ref, ["create"]), ruleFor(ref, ["get", update])];
}

/** What each disruption asks of the API, putting back included; a new type does not compile without. */
function disrupted(disruption: Disruption): readonly AccessRule[] {
  switch (disruption.type) {
    case "rolling-update":
    case "scale":
      return [ruleFor(workloadRef(disruption.workload), ["get", "patch"])];
    case "rollout-undo": {
      const { kind, namespace } = disruption.workload;
      const revision = kind === "Deployment" ? "ReplicaSet" : "ControllerRevision";
      return [
        ruleFor(workloadRef(disruption.workload), ["get", "patch"]),
        ruleForAll({ apiVersion: "apps/v1", kind: revision, namespace }, ["list"]),
      ];
    }
    case "delete-pods":
      return [ruleForAll({ ...POD, namespace: disruption.workload.namespace }, ["delete"])];
    case "evict-pods": {
      const { namespace } = disruption.workload;
      return [ruleForAll({ ...POD, namespace }, ["create"], "eviction")];
    }
    case "cordon-nodes":
      return [ruleForAll(NODE, ["list", "get", "patch"])];
    case "uncordon-nodes":
      return [ruleForAll(NODE, ["get", "patch"])];
    case "drain-nodes": // a node carries pods of any namespace
      return [
        ruleForAll(NODE, ["list", "get", "patch"]),
        ruleForAll(POD, ["list"]),
        ruleForAll(POD, ["create"], "eviction"),
      ];
    case "taint-nodes":
      return [ruleForAll(NODE, ["list", "get", "patch"]), ruleForAll(POD, ["list"])];
    case "shut-down-nodes":
    case "lose-nodes":
      return [
        ruleForAll(NODE, ["list", "get"]),
        ruleForAll(POD, ["list"]),
        ruleForAll({ ...POD, namespace: disruption.workload.namespace }, ["delete"]),
      ];
    case "turn-on-nodes":
      return [ruleForAll(NODE, ["get"])];
    case "signal-pods": {
      const pods = { ...POD, namespace: disruption.workload.namespace };
      return [
        ruleForAll(pods, ["get"]),
        ...(disruption.signal === "SIGKILL"
          ? [ruleForAll(NODE, ["get"])]
          : [ruleForAll(pods, ["get", "create"], "exec")]),
      ];
    }
    case "delete-job": {
      const { namespace } = disruption.job;
      return [
        ruleFor(disruption.job, ["get", "delete"]),
        ruleForAll({ ...POD, ...(namespace !== undefined && { namespace }) }, ["list"]),
      ];
    }
    case "delete-namespace": {
      const { namespace: name } = disruption;
      return [ruleFor({ apiVersion: "v1", kind: "Namespace", name }, ["get", "delete"])];
    }
    case "argo-rollout":
      return disruption.action === "restart"
        ? [ruleFor(disruption.rollout, ["get", "patch"])]
        : [ruleFor(disruption.rollout, ["get"]), ruleFor(disruption.rollout, ["patch"], "status")];
    case "none":
      return [];
  }
}
