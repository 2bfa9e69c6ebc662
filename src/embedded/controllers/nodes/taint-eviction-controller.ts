import type { Node, Pod } from "#embedded/api/objects.ts";
import { NODES, PODS } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import { disruptPod } from "#embedded/controllers/pods/disrupt-pod.ts";
import { evictionDueMs } from "./eviction-due.ts";

/** Deletes pods that do not tolerate their node's NoExecute taints, each when its toleration has run out. */
export function taintEvictionController(): Controller {
  const scheduled = new Set<string>();
  return {
    name: "taint-eviction-controller",
    workers: 5,
    watches: [
      watch<Pod>(PODS, (pod) => [keyOf(pod)]),
      watch<Node>(NODES, ({ metadata }, { caches }) =>
        caches
          .of<Pod>(PODS)
          .list()
          .filter(({ spec }) => spec.nodeName === metadata.name)
          .map(keyOf),
      ),
    ],
    async reconcile(key, cluster) {
      const { namespace, name } = splitKey(key);
      const pod = cluster.caches.of<Pod>(PODS).get(name, namespace);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) {
        scheduled.delete(key);
        return undefined;
      }
      const node = cluster.caches.of<Node>(NODES).get(pod.spec.nodeName ?? "");
      const dueMs = evictionDueMs(pod, node?.spec.taints ?? [], cluster.nowMs());
      if (dueMs === undefined) {
        if (scheduled.delete(key))
          tell(pod, `Cancelling deletion of Pod ${namespace}/${name}`, cluster);
        return undefined;
      }
      const waitMs = dueMs - cluster.nowMs();
      if (waitMs > 0) {
        scheduled.add(key);
        return { afterMs: waitMs };
      }
      scheduled.delete(key);
      tell(pod, `Marking for deletion Pod ${namespace}/${name}`, cluster);
      await disruptPod(
        pod,
        {
          reason: "DeletionByTaintManager",
          message: "Taint manager: deleting due to NoExecute taint",
        },
        cluster,
      );
      return undefined;
    },
  };
}

function tell(pod: Pod, message: string, { record }: Cluster): void {
  record(pod, { type: "Normal", reason: "TaintManagerEviction", message });
}
