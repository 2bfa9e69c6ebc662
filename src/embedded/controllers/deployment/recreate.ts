import type { Pod, ReplicaSet } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { isControlledBy } from "#embedded/controllers/meta/ownership.ts";
import { isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { createNewest, type NewestOutcome } from "./newest-replica-set.ts";
import { resizeReplicaSets } from "./resize-replica-set.ts";
import type { Rollout } from "./rollout.ts";

/** One step of Recreate: all old pods away, and not before the last has finished, all new ones at once. */
export async function recreateStep(
  seen: Rollout,
  cluster: Cluster,
): Promise<NewestOutcome & { readonly settled: boolean }> {
  const active = seen.old.filter(({ spec }) => (spec.replicas ?? 0) > 0);
  if (active.length > 0) {
    const away = active.map((replicaSet) => ({ replicaSet, replicas: 0 }));
    await resizeReplicaSets(seen.deployment, away, cluster);
    return { rollout: seen, settled: false, written: false };
  }
  if (seen.old.some((replicaSet) => hasUnfinishedPods(replicaSet, cluster))) {
    return { rollout: seen, settled: false, written: false };
  }
  const { rollout, written } =
    seen.newest === undefined
      ? await createNewest(seen, cluster)
      : { rollout: seen, written: false };
  const { deployment, newest } = rollout;
  const replicas = deployment.spec.replicas ?? 1;
  if (newest === undefined || newest.spec.replicas === replicas) {
    return { rollout, settled: true, written };
  }
  await resizeReplicaSets(deployment, [{ replicaSet: newest, replicas }], cluster);
  return { rollout, settled: false, written };
}

/** A terminating pod still runs, so it still counts here. */
function hasUnfinishedPods(replicaSet: ReplicaSet, { caches }: Cluster): boolean {
  if ((replicaSet.status.replicas ?? 0) > 0) return true;
  return caches
    .of<Pod>(PODS)
    .list(replicaSet.metadata.namespace)
    .some((pod) => isControlledBy(pod, replicaSet) && !isTerminal(pod));
}
