import { formatQuantity } from "#embedded/api/exact-quantity.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { usageOf } from "#embedded/api/quota/quota-usage.ts";
import { collectionCharged, type ResourceQuota } from "#embedded/api/quota/resource-quota.ts";
import { RESOURCE_QUOTAS } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";

/** Writes into each ResourceQuota what its namespace has used of it. */
export function resourceQuotaController(): Controller {
  const quotas = new Map<string, ResourceQuota>();
  return {
    name: "resourcequota-controller",
    workers: 5,
    watches: [watch<ResourceQuota>(RESOURCE_QUOTAS, (quota) => [keyOf(quota)])],
    watchEverything({ type, object }, { group, plural }) {
      const collection = `${group}/${plural}`;
      if (collection === "/resourcequotas") {
        if (type === "DELETED") quotas.delete(keyOf(object));
        else quotas.set(keyOf(object), object as ResourceQuota);
      }
      return [...quotas]
        .filter(([, quota]) => quota.metadata.namespace === object.metadata.namespace)
        .filter(([, quota]) => collectionsOf(quota).has(collection))
        .map(([key]) => key);
    },
    reconcile: reconcileQuota,
  };
}

function collectionsOf({ spec }: ResourceQuota): ReadonlySet<string | undefined> {
  return new Set(Object.keys(spec?.hard ?? {}).map(collectionCharged));
}

async function reconcileQuota(key: string, { api, caches, nowMs }: Cluster): Promise<undefined> {
  const { namespace, name } = splitKey(key);
  const quota = caches.of<ResourceQuota>(RESOURCE_QUOTAS).get(name, namespace);
  if (quota === undefined) return undefined;
  const { hard = {} } = quota.spec ?? {};
  const used: Record<string, string> = {};
  for (const collection of collectionsOf(quota)) {
    if (collection === undefined) continue;
    const objects = objectsOf(collection, namespace, caches);
    for (const [resource, amount] of usageOf(quota, collection, { objects, nowMs: nowMs() })) {
      used[resource] = formatQuantity(amount);
    }
  }
  // A status that stays the same is no write, so this ends.
  await api.update<ResourceQuota>(RESOURCE_QUOTAS, { ...quota, status: { hard, used } }, "status");
  return undefined;
}

function objectsOf(
  collection: string,
  namespace: string,
  caches: Cluster["caches"],
): readonly KubeObject[] {
  const [group = "", plural = ""] = collection.split("/");
  // What nobody serves, nobody has.
  return caches.find({ group, plural })?.list(namespace) ?? [];
}
