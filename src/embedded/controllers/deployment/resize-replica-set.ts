import { isDeepStrictEqual } from "node:util";
import type { Deployment, ReplicaSet } from "#embedded/api/objects.ts";
import { REPLICA_SETS } from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { sizeAnnotations } from "./replica-set-annotations.ts";
import type { Resize } from "./rolling-update.ts";

/** Tells a ReplicaSet its new size, and people the change. */
export async function resizeReplicaSet(
  deployment: Deployment,
  { replicaSet, replicas }: Resize,
  { api, record }: Cluster,
): Promise<ReplicaSet> {
  const { metadata, spec } = replicaSet;
  const before = spec.replicas ?? 0;
  const annotations = { ...metadata.annotations, ...sizeAnnotations(deployment) };
  if (before === replicas && isDeepStrictEqual(annotations, metadata.annotations)) {
    return replicaSet;
  }
  const resized = await api.update<ReplicaSet>(REPLICA_SETS, {
    ...replicaSet,
    metadata: { ...metadata, annotations },
    spec: { ...spec, replicas },
  });
  if (before !== replicas) {
    const direction = replicas > before ? "up" : "down";
    const message = `Scaled ${direction} replica set ${metadata.name} from ${before} to ${replicas}`;
    record(deployment, { type: "Normal", reason: "ScalingReplicaSet", message });
  }
  return resized;
}

/** Several steps one after the other; two steps of one ReplicaSet build on each other. */
export async function resizeReplicaSets(
  deployment: Deployment,
  resizes: readonly Resize[],
  cluster: Cluster,
): Promise<void> {
  const current = new Map<string, ReplicaSet>();
  for (const { replicaSet, replicas } of resizes) {
    const { uid } = replicaSet.metadata;
    const known = current.get(uid) ?? replicaSet;
    current.set(uid, await resizeReplicaSet(deployment, { replicaSet: known, replicas }, cluster));
  }
}
