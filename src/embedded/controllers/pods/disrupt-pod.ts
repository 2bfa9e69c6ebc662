import type { Condition, Pod } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import { withCondition } from "#embedded/controllers/meta/conditions.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";

export interface Disruption {
  readonly reason: string;
  readonly message: string;
  /** For a pod whose kubelet cannot end it: it is marked Failed and removed at once. */
  readonly isLost?: boolean;
}

/** Says on the pod why the system takes it away, then deletes it. Budgets are not asked. */
export async function disruptPod(
  pod: Pod,
  { reason, message, isLost = false }: Disruption,
  { api, nowMs }: Cluster,
): Promise<void> {
  const { name, namespace = "", uid } = pod.metadata;
  const condition: Condition = {
    type: "DisruptionTarget",
    status: "True",
    observedGeneration: pod.metadata.generation ?? 0,
    lastProbeTime: null,
    lastTransitionTime: timestamp(nowMs()),
    reason,
    message,
  };
  const status = { ...pod.status, conditions: withCondition(pod.status.conditions, condition) };
  if (isLost) status.phase = "Failed";
  await api.update<Pod>(PODS, { ...pod, status }, "status");
  await api.delete(PODS, name, {
    namespace,
    preconditions: { uid },
    ...(isLost ? { gracePeriodSeconds: 0 } : {}),
  });
}
