import type { Pod } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";
import { type Controller, keyOf, splitKey, watch } from "#embedded/controllers/controller.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { isTerminal, podCondition } from "#embedded/controllers/pods/pod-state.ts";

const STALE_AFTER_MS = 120_000;

/** Takes back the DisruptionTarget condition of a pod that lives on, because nobody deleted it after all. */
export const staleDisruptionTarget: Controller = {
  name: "controllermanager",
  workers: 1,
  watches: [watch<Pod>(PODS, (pod) => (isDisrupted(pod) ? [keyOf(pod)] : []))],
  async reconcile(key, { api, caches, nowMs }) {
    const { namespace, name } = splitKey(key);
    const pod = caches.of<Pod>(PODS).get(name, namespace);
    if (pod === undefined || !isDisrupted(pod)) return undefined;
    const condition = podCondition(pod, "DisruptionTarget");
    const staleAtMs = Date.parse(condition?.lastTransitionTime ?? "") + STALE_AFTER_MS;
    if (staleAtMs > nowMs()) return { afterMs: staleAtMs - nowMs() };
    const conditions = (pod.status.conditions ?? []).map((other) =>
      other.type === "DisruptionTarget"
        ? { ...other, status: "False" as const, lastTransitionTime: timestamp(nowMs()) }
        : other,
    );
    await api.update<Pod>(PODS, { ...pod, status: { ...pod.status, conditions } }, "status");
    return undefined;
  },
};

function isDisrupted(pod: Pod): boolean {
  const target = podCondition(pod, "DisruptionTarget");
  return (
    target?.status === "True" && pod.metadata.deletionTimestamp === undefined && !isTerminal(pod)
  );
}
