import type { Condition, Pod } from "#embedded/api/objects.ts";
import { requireNamespace } from "#embedded/apiserver/admission/namespace-lifecycle.ts";
import { copyJson, isObject } from "#embedded/apiserver/json/copy-json.ts";
import { betweenWrites } from "#embedded/apiserver/registry/between-writes.ts";
import {
  checkPreconditions,
  type DeleteOptions,
  deleteObject,
} from "#embedded/apiserver/registry/delete-object.ts";
import { getObject, type ObjectName } from "#embedded/apiserver/registry/read-objects.ts";
import type { ResourceDefinition } from "#embedded/apiserver/registry/resource-definition.ts";
import { type ServerContext, timestamp } from "#embedded/apiserver/registry/server-context.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";
import { keyOf } from "#embedded/apiserver/store/store.ts";
import { type DisruptionBudget, decideEviction } from "./disruption-budget.ts";

const BUDGETS = "policy/poddisruptionbudgets";

/** The Eviction as it was sent, with its delete options read. */
export interface EvictionRequest extends ObjectName {
  readonly eviction: unknown;
  readonly options: DeleteOptions;
}

/**
 * The eviction subresource: a delete that asks the disruption budgets first. In Kubernetes' order,
 * the budget is spent, the pod says why it goes, and then it is deleted, each visible to watchers.
 */
export async function evictPod(
  context: ServerContext,
  pods: ResourceDefinition,
  { eviction, options, ...name }: EvictionRequest,
): Promise<void> {
  requireSameName(eviction, name.name);
  const pod = getObject(context, pods, name) as Pod;
  requireNamespace(context, pods, pod.metadata);
  const budgets = context.store
    .entries(BUDGETS)
    .map(([, object]) => object as DisruptionBudget)
    .filter(({ metadata }) => metadata.namespace === pod.metadata.namespace);
  const decision = decideEviction(pod, budgets);
  if (options.dryRun !== true) {
    if (decision.type === "spend") {
      spend(context, decision.budget, pod.metadata.name);
      await betweenWrites();
    }
    // The kubelet may have written since the pod was looked at.
    const latest = getObject(context, pods, name) as Pod;
    checkPreconditions(pods, latest, options);
    announce(context, pods, latest);
    await betweenWrites();
  }
  await deleteObject(context, pods, { ...name, options: withoutVersion(options) });
}

/** What it was asked to be has been looked at before our own writes changed it. */
function withoutVersion(options: DeleteOptions): DeleteOptions {
  const { uid } = options.preconditions ?? {};
  if (options.dryRun === true || options.preconditions === undefined) return options;
  return { ...options, preconditions: uid === undefined ? {} : { uid } };
}

function requireSameName(eviction: unknown, name: string): void {
  const metadata = isObject(eviction) ? eviction["metadata"] : undefined;
  const given = isObject(metadata) ? metadata["name"] : undefined;
  if (given === undefined || given === "" || given === name) return;
  throw badRequest("name in URL does not match name in Eviction object");
}

function spend(context: ServerContext, budget: DisruptionBudget, podName: string): void {
  const now = timestamp(context.nowMs());
  const spent = copyJson(budget);
  spent.status.disruptionsAllowed -= 1;
  spent.status.disruptedPods = { ...spent.status.disruptedPods, [podName]: now };
  if (spent.status.disruptionsAllowed === 0) {
    setCondition(spent.status, {
      type: "DisruptionAllowed",
      status: "False",
      observedGeneration: spent.status.observedGeneration ?? 0,
      lastTransitionTime: now,
      reason: "InsufficientPods",
      message: "",
    });
  }
  context.store.write(BUDGETS, keyOf(spent), spent);
}

function announce(context: ServerContext, pods: ResourceDefinition, pod: Pod): void {
  const leaving = copyJson(pod);
  setCondition(leaving.status, {
    type: "DisruptionTarget",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: timestamp(context.nowMs()),
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  });
  context.store.write(pods.collection, keyOf(leaving), leaving);
}

function setCondition(status: { conditions?: Condition[] }, condition: Condition): void {
  const conditions = status.conditions ?? [];
  const index = conditions.findIndex(({ type }) => type === condition.type);
  status.conditions = index < 0 ? [...conditions, condition] : conditions.with(index, condition);
}
