import { isDeepStrictEqual } from "node:util";
import type { Pod } from "#embedded/api/objects.ts";
import { POD_DISRUPTION_BUDGETS, PODS } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import type { Requeue } from "#embedded/controllers/machinery/work-queue.ts";
import { matchesSelector } from "#embedded/controllers/meta/label-selector.ts";
import { type BudgetFacts, budgetStatus, deletionDueMs, failedStatus } from "./budget-status.ts";
import { expectedScale, SCALABLE } from "./expected-scale.ts";
import type { BudgetStatus, PodDisruptionBudget } from "./pod-disruption-budget.ts";

/** Keeps the numbers by which the Eviction API decides. */
export const disruptionController: Controller = {
  name: "controllermanager",
  workers: 1,
  watches: [
    watch<PodDisruptionBudget>(POD_DISRUPTION_BUDGETS, (budget) => [keyOf(budget)]),
    watch<Pod>(PODS, budgetsOf),
    ...SCALABLE.map((resource) =>
      watch(resource, ({ metadata }, cluster) => budgets(metadata.namespace, cluster).map(keyOf)),
    ),
  ],
  reconcile: reconcileBudget,
};

function budgets(
  namespace: string | undefined,
  { caches }: Cluster,
): readonly PodDisruptionBudget[] {
  return caches.of<PodDisruptionBudget>(POD_DISRUPTION_BUDGETS).list(namespace ?? "");
}

function budgetsOf(pod: Pod, cluster: Cluster): readonly string[] {
  const { namespace, name, labels } = pod.metadata;
  const own = budgets(namespace, cluster).filter(({ spec }) =>
    matchesSelector(spec.selector, labels),
  );
  const [chosen] = own;
  if (chosen !== undefined && own.length > 1) {
    const message = `Pod ${JSON.stringify(namespace)}/${JSON.stringify(name)} matches multiple PodDisruptionBudgets.  Chose ${JSON.stringify(chosen.metadata.name)} arbitrarily.`;
    cluster.record(pod, { type: "Warning", reason: "MultiplePodDisruptionBudgets", message });
  }
  return own.map(keyOf);
}

async function reconcileBudget(key: string, cluster: Cluster): Promise<Requeue | undefined> {
  const { namespace, name } = splitKey(key);
  const { api, caches, record } = cluster;
  const budget = caches.of<PodDisruptionBudget>(POD_DISRUPTION_BUDGETS).get(name, namespace);
  if (budget === undefined) return undefined;
  const pods = caches
    .of<Pod>(PODS)
    .list(namespace)
    .filter(({ metadata }) => matchesSelector(budget.spec.selector, metadata.labels));
  if (pods.length === 0) {
    record(budget, { type: "Normal", reason: "NoPods", message: "No matching pods found" });
  }
  const nowMs = cluster.nowMs();
  tellNotDeleted(budget, { pods, scale: 0, nowMs }, cluster);
  const status = statusOf(budget, pods, cluster);
  if (!isDeepStrictEqual(status, budget.status)) {
    await api.update<PodDisruptionBudget>(POD_DISRUPTION_BUDGETS, { ...budget, status }, "status");
  }
  const dues = Object.values(status.disruptedPods ?? {}).map(deletionDueMs);
  return dues.length === 0 ? undefined : { afterMs: Math.max(0, Math.min(...dues) - nowMs) };
}

function statusOf(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  cluster: Cluster,
): BudgetStatus {
  const nowMs = cluster.nowMs();
  const { maxUnavailable, minAvailable } = budget.spec;
  if (maxUnavailable === undefined && typeof minAvailable !== "string") {
    return budgetStatus(budget, { pods, scale: 0, nowMs });
  }
  const expected = expectedScale(pods, cluster);
  if (expected.type === "unknown") {
    const message = `Failed to calculate the number of expected pods: ${expected.message}`;
    const reason = "CalculateExpectedPodCountFailed";
    cluster.record(budget, { type: "Warning", reason, message });
    return failedStatus(budget, expected.message, nowMs);
  }
  if (expected.unmanaged.length > 0) {
    const names = expected.unmanaged.map(({ metadata }) => metadata.name).join(", ");
    const message = `Pods selected by this PodDisruptionBudget (selector: ${JSON.stringify(budget.spec.selector)}) were found to be unmanaged and cannot be counted: ${names}`;
    cluster.record(budget, { type: "Warning", reason: "UnmanagedPods", message });
  }
  return budgetStatus(budget, { pods, scale: expected.scale, nowMs });
}

/** An eviction that nobody carried out is told on the pod before it is forgotten. */
function tellNotDeleted(
  budget: PodDisruptionBudget,
  { pods, nowMs }: BudgetFacts,
  { record }: Cluster,
): void {
  for (const [name, since] of Object.entries(budget.status?.disruptedPods ?? {})) {
    const pod = pods.find(({ metadata }) => metadata.name === name);
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    if (deletionDueMs(since) > nowMs) continue;
    const { namespace } = budget.metadata; // named twice by Kubernetes too
    const message = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`;
    record(pod, { type: "Warning", reason: "NotDeleted", message });
  }
}
