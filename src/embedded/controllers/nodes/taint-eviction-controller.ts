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
import { toleratedForMs } from "./toleration-limit.ts";

/** Deletes pods that do not tolerate their node's NoExecute taints, each when its toleration has run out. */
export function taintEvictionController(): Controller {
  // Since when each pod that will have to go has been tolerated: a taint itself seldom says.
  const toleratedSinceMs = new Map<string, number>();
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
        toleratedSinceMs.delete(key);
        return undefined;
      }
      const node = cluster.caches.of<Node>(NODES).get(pod.spec.nodeName ?? "");
      const limitMs = toleratedForMs(pod, node?.spec.taints ?? []);
      if (limitMs === undefined) {
        if (toleratedSinceMs.delete(key))
          tell(pod, `Cancelling deletion of Pod ${namespace}/${name}`, cluster);
        return undefined;
      }
      const sinceMs = toleratedSinceMs.get(key) ?? cluster.nowMs();
      const waitMs = sinceMs + limitMs - cluster.nowMs();
      if (waitMs > 0) {
        toleratedSinceMs.set(key, sinceMs);
        return { afterMs: waitMs };
      }
      tell(pod, `Marking for deletion Pod ${namespace}/${name}`, cluster);
      await disruptPod(
        pod,
        {
          reason: "DeletionByTaintManager",
          message: "Taint manager: deleting due to NoExecute taint",
        },
        cluster,
      );
      // Not before: what was refused is tried again, and must not be tolerated once more for it.
      toleratedSinceMs.delete(key);
      return undefined;
    },
  };
}

/** Only by its name: this controller does not say which pod of that name it is. */
function tell(pod: Pod, message: string, { record }: Cluster): void {
  const { uid: _, resourceVersion: __, ...named } = pod.metadata;
  const nameless = { ...pod, metadata: named } as Pod;
  record(nameless, { type: "Normal", reason: "TaintManagerEviction", message });
}
