import type { Resource } from "#embedded/api/client.ts";
import type { KubeObject, ReplicaSet } from "#embedded/api/objects.ts";
import { REPLICA_SETS, REPLICATION_CONTROLLERS } from "#embedded/api/resources.ts";

/** One of the two kinds that keep a number of pods; they differ in the form of their selector alone. */
export interface ReplicaKind {
  readonly controllerName: string;
  readonly kind: string;
  readonly resource: Resource;
  /** The object in the newer form. */
  readonly asReplicaSet: (object: KubeObject) => ReplicaSet;
  /** The part of a ReplicaSet's status that this kind has. */
  readonly statusOf: (status: ReplicaSet["status"]) => object;
}

/** The one that Deployments have. */
export const REPLICA_SET: ReplicaKind = {
  controllerName: "replicaset-controller",
  kind: "ReplicaSet",
  resource: REPLICA_SETS,
  asReplicaSet: (object) => object as ReplicaSet,
  statusOf: (status) => status,
};

/** The elder one: its selector is a plain map of labels. */
export const REPLICATION_CONTROLLER: ReplicaKind = {
  controllerName: "replication-controller",
  kind: "ReplicationController",
  resource: REPLICATION_CONTROLLERS,
  asReplicaSet: (object) => {
    const spec = object.spec as Record<string, unknown>;
    const selector = { matchLabels: spec["selector"] };
    return { ...object, spec: { ...spec, selector } } as unknown as ReplicaSet;
  },
  statusOf: ({ terminatingReplicas: _, ...status }) => status,
};
