import { ApiError } from "#embedded/api/api-error.ts";
import type { Condition, KubeObject, LabelSelector, Pod } from "#embedded/api/objects.ts";
import { matchesLabelSelector } from "#embedded/apiserver/selectors/label-selector.ts";

/** A PodDisruptionBudget as the eviction API reads and spends it; its controller fills in the counts. */
export interface DisruptionBudget extends KubeObject {
  spec: {
    readonly selector?: LabelSelector;
    readonly unhealthyPodEvictionPolicy?: "IfHealthyBudget" | "AlwaysAllow";
  };
  status: {
    observedGeneration?: number;
    disruptionsAllowed: number;
    currentHealthy: number;
    desiredHealthy: number;
    expectedPods: number;
    disruptedPods?: Record<string, string>;
    conditions?: Condition[];
  };
}

/** What the budgets of a namespace say about evicting one pod. */
export type BudgetDecision =
  | { readonly type: "unbudgeted" }
  | { readonly type: "spend"; readonly budget: DisruptionBudget };

/** More unconfirmed disruptions than this mean that the budget's controller is not keeping up. */
const MAX_DISRUPTED_PODS = 2000;

/** Whether a budget has to be asked, and which; throws the refusal of one that has nothing left. */
export function decideEviction(pod: Pod, budgets: readonly DisruptionBudget[]): BudgetDecision {
  if (isBeyondBudgets(pod)) return { type: "unbudgeted" };
  const matching = budgets.filter(({ spec }) =>
    matchesLabelSelector(spec.selector, pod.metadata.labels ?? {}),
  );
  const [budget] = matching;
  if (budget === undefined) return { type: "unbudgeted" };
  if (matching.length > 1) {
    throw new ApiError(
      500,
      "", // Kubernetes gives none here
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  }
  if (!isReady(pod) && sparesUnhealthy(budget)) return { type: "unbudgeted" };
  requireBudget(budget);
  return { type: "spend", budget };
}

/** It serves nobody, or is leaving anyway: its eviction disrupts nothing. */
function isBeyondBudgets({ metadata, status }: Pod): boolean {
  const { phase } = status;
  const notServing = phase === "Pending" || phase === "Succeeded" || phase === "Failed";
  return notServing || metadata.deletionTimestamp !== undefined;
}

function isReady({ status }: Pod): boolean {
  return (status.conditions ?? []).some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
}

/** A pod that is not ready does not count as healthy, so evicting it costs the budget nothing. */
function sparesUnhealthy({ spec, status }: DisruptionBudget): boolean {
  if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  return status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0;
}

function requireBudget({ metadata, status }: DisruptionBudget): void {
  const { name, generation = 0 } = metadata;
  if ((status.observedGeneration ?? 0) < generation) {
    throw tooManyRequests(
      `The disruption budget ${name} is still being processed by the server.`,
      10,
    );
  }
  if (status.disruptionsAllowed < 0) throw forbiddenBy(name, "pdb disruptions allowed is negative");
  if (Object.keys(status.disruptedPods ?? {}).length > MAX_DISRUPTED_PODS) {
    const why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller";
    throw forbiddenBy(name, why);
  }
  if (status.disruptionsAllowed > 0) return;
  const { desiredHealthy, currentHealthy } = status;
  throw tooManyRequests(
    `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
  );
}

/** Without Retry-After, clients do not repeat the eviction behind their caller's back. */
function tooManyRequests(cause: string, retryAfterSeconds?: number): ApiError {
  return new ApiError(
    429,
    "TooManyRequests",
    "Cannot evict pod as it would violate the pod's disruption budget.",
    {
      causes: [{ reason: "DisruptionBudget", message: cause }],
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  );
}

function forbiddenBy(name: string, why: string): ApiError {
  const message = `poddisruptionbudgets.policy "${name}" is forbidden: ${why}`;
  const details = { name, group: "policy", kind: "poddisruptionbudgets" };
  return new ApiError(403, "Forbidden", message, details);
}
