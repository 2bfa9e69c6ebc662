import type { Node, Pod } from "#embedded/api/objects.ts";
import { NODES, PODS } from "#embedded/api/resources.ts";
import { type Controller, keyOf, splitKey, watch } from "#embedded/controllers/controller.ts";
import { disruptPod } from "#embedded/controllers/pods/disrupt-pod.ts";
import { OUT_OF_SERVICE } from "./taints.ts";

/** A node that is gone may come back under its name. */
const QUARANTINE_MS = 40_000;

/** Removes the pods that no kubelet will ever end: of nodes that do not exist, or are out of service. */
export function podGarbageController(): Controller {
  const missingSinceMs = new Map<string, number>();
  return {
    name: "pod-garbage-collector",
    workers: 1,
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
      const nodeName = pod?.spec.nodeName ?? "";
      if (pod === undefined || nodeName === "") return undefined;
      const node = cluster.caches.of<Node>(NODES).get(nodeName);
      if (node === undefined) {
        const sinceMs = missingSinceMs.get(nodeName) ?? cluster.nowMs();
        missingSinceMs.set(nodeName, sinceMs);
        const leftMs = sinceMs + QUARANTINE_MS - cluster.nowMs();
        if (leftMs > 0) return { afterMs: leftMs };
        const message = "PodGC: node no longer exists";
        await disruptPod(pod, { reason: "DeletionByPodGC", message, isLost: true }, cluster);
        return undefined;
      }
      missingSinceMs.delete(nodeName);
      if (pod.metadata.deletionTimestamp !== undefined && isOutOfService(node)) {
        const message = "PodGC: node out-of-service";
        await disruptPod(pod, { reason: "DeletionByPodGC", message, isLost: true }, cluster);
      }
      return undefined;
    },
  };
}

function isOutOfService({ spec, status }: Node): boolean {
  const ready = status.conditions?.find(({ type }) => type === "Ready")?.status;
  return ready !== "True" && (spec.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
}
