import {
  type ExactQuantity,
  formatQuantity,
  parseExactQuantity,
  ZERO,
} from "#embedded/api/exact-quantity.ts";
import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import { containersWithout } from "#embedded/api/quota/pod-usage.ts";
import { counts, namesCharged, usageOf } from "#embedded/api/quota/quota-usage.ts";
import type { ResourceQuota } from "#embedded/api/quota/resource-quota.ts";
import type { ResourceDefinition } from "#embedded/apiserver/registry/resource-definition.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { forbiddenFor } from "#embedded/apiserver/status/refusals.ts";

/** An object that wants in, and what it replaces. */
export interface QuotaRequest {
  readonly draft: KubeObject;
  readonly current?: KubeObject;
}

/**
 * Throws a 403 for an object that a ResourceQuota of its namespace has no room for. Kubernetes reads what is
 * used from the quota's status and keeps that up to date; here the objects themselves are counted, which
 * comes to the same and cannot be behind. The status is for its controller to write.
 */
export function requireQuota(
  context: ServerContext,
  definition: ResourceDefinition,
  request: QuotaRequest,
): void {
  const { namespace } = request.draft.metadata;
  if (!definition.namespaced) return;
  const quotas = context.store
    .entries("/resourcequotas")
    .map(([, object]) => object as ResourceQuota)
    .filter(({ metadata }) => metadata.namespace === namespace);
  for (const quota of quotas) {
    const why = refusal(context, definition, { quota, ...request });
    if (why !== undefined) throw forbiddenFor(definition, request.draft.metadata.name, { why });
  }
}

function refusal(
  { store, nowMs }: ServerContext,
  { collection }: ResourceDefinition,
  { quota, draft, current }: QuotaRequest & { readonly quota: ResourceQuota },
): string | undefined {
  if (!counts(quota, collection, draft)) return undefined;
  const { name, namespace } = quota.metadata;
  const silent = collection === "/pods" ? whatIsMissing(quota, draft as Pod) : undefined;
  if (silent !== undefined) return `failed quota: ${name}: must specify ${silent}`;
  const usedBy = (objects: readonly KubeObject[]) =>
    usageOf(quota, collection, { objects, nowMs: nowMs() });
  const before = usedBy(current === undefined ? [] : [current]);
  const asked = [...usedBy([draft])].flatMap(([resource, amount]) => {
    const nanos = amount.nanos - (before.get(resource) ?? ZERO).nanos;
    return nanos > 0n ? [{ resource, more: { ...amount, nanos } }] : [];
  });
  if (asked.length === 0) return undefined; // most changes ask for no more, and counting takes long
  const stored = store
    .entries(collection)
    .map(([, object]) => object)
    .filter(({ metadata }) => metadata.namespace === namespace);
  const used = usedBy(stored);
  const exceeded = asked
    .map(({ resource, more }) => ({
      ...{ resource, more, had: used.get(resource) ?? ZERO },
      limit: parseExactQuantity(String(quota.spec?.hard?.[resource])) ?? ZERO,
    }))
    .filter(({ more, had, limit }) => had.nanos + more.nanos > limit.nanos);
  if (exceeded.length === 0) return undefined;
  const list = (pick: (one: (typeof exceeded)[number]) => ExactQuantity) =>
    exceeded
      .map((one) => `${one.resource}=${formatQuantity(pick(one))}`)
      .toSorted()
      .join(",");
  return `exceeded quota: ${name}, requested: ${list((one) => one.more)}, used: ${list((one) => one.had)}, limited: ${list((one) => one.limit)}`;
}

const MUST_BE_SAID = /^((requests|limits)\.)?(cpu|memory)$/;

/** Where cpu or memory are limited, every container has to say what it needs of them. */
function whatIsMissing(quota: ResourceQuota, pod: Pod): string | undefined {
  if (pod.spec["resources"] !== undefined) return undefined;
  const missing = namesCharged(quota, "/pods")
    .filter((name) => MUST_BE_SAID.test(name))
    .map((name) => ({ name, containers: containersWithout(pod, name) }))
    .filter(({ containers }) => containers.length > 0)
    .map(({ name, containers }) => `${name} for: ${containers.toSorted().join(",")}`);
  return missing.length === 0 ? undefined : missing.toSorted().join("; ");
}
