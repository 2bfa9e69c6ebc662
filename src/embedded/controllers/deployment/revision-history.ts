import type { ReplicaSet } from "#embedded/api/objects.ts";
import { REPLICA_SETS } from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { revisionOf } from "./replica-set-annotations.ts";
import type { Rollout } from "./rollout.ts";

/** Deletes the oldest empty ReplicaSets beyond the limit: what is kept can be rolled back to. */
export async function trimHistory({ deployment, old }: Rollout, { api }: Cluster): Promise<void> {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const kept = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const surplus = kept
    .toSorted((a, b) => (revisionOf(a) < revisionOf(b) ? -1 : 1))
    .slice(0, Math.max(0, kept.length - limit));
  for (const { metadata } of surplus.filter(isEmpty)) {
    const { name, namespace = "", uid } = metadata;
    await api.delete(REPLICA_SETS, name, { namespace, preconditions: { uid } });
  }
}

function isEmpty({ metadata, spec, status }: ReplicaSet): boolean {
  return (
    (spec.replicas ?? 0) === 0 &&
    (status.replicas ?? 0) === 0 &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  );
}
