import type { Resource } from "#embedded/api/client.ts";
import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import {
  DEPLOYMENTS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  STATEFUL_SETS,
} from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { controllerOf } from "#embedded/controllers/meta/ownership.ts";

/** The kinds whose size a budget can ask for. */
export const SCALABLE: readonly Resource[] = [
  REPLICA_SETS,
  DEPLOYMENTS,
  STATEFUL_SETS,
  REPLICATION_CONTROLLERS,
];

export type ExpectedScale =
  | { readonly type: "known"; readonly scale: number; readonly unmanaged: readonly Pod[] }
  | { readonly type: "unknown"; readonly message: string };

/** The wanted sizes of all the pods' controllers together, each controller once. */
export function expectedScale(pods: readonly Pod[], cluster: Cluster): ExpectedScale {
  const sizes = new Map<string, number>();
  const unmanaged: Pod[] = [];
  for (const pod of pods) {
    if (controllerOf(pod) === undefined) {
      unmanaged.push(pod);
      continue;
    }
    const controller = topController(pod, cluster);
    if (controller === undefined) {
      const { name } = pod.metadata;
      return { type: "unknown", message: `found no controllers for pod "${name}"` };
    }
    const { replicas = 1 } = (controller.spec ?? {}) as { readonly replicas?: number };
    sizes.set(controller.metadata.uid, replicas);
  }
  const scale = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return { type: "known", scale, unmanaged };
}

/** A ReplicaSet of a Deployment does as it is told: the Deployment's size counts. */
function topController(object: KubeObject, { caches }: Cluster): KubeObject | undefined {
  let current: KubeObject | undefined;
  for (let owner = controllerOf(object); owner !== undefined; ) {
    const { kind, name, uid } = owner;
    const resource = SCALABLE.find((candidate) => candidate.kind === kind);
    const found =
      resource === undefined
        ? undefined
        : caches.of<KubeObject>(resource).get(name, object.metadata.namespace);
    if (found?.metadata.uid !== uid) return current;
    current = found;
    owner = controllerOf(found);
  }
  return current;
}
