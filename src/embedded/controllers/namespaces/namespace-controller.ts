import { ApiError } from "#embedded/api/api-error.ts";
import type { Resource } from "#embedded/api/client.ts";
import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import { NAMESPACES, PODS } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyFrom,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import type { Requeue } from "#embedded/controllers/machinery/work-queue.ts";

interface Namespace extends KubeObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
}

/** Finalizers of the content go without an event that would lead to its namespace. */
const LOOK_AGAIN_MS = 500;

/** Empties a namespace that is being deleted: its pods first, with their grace; then everything else. */
export const namespaceController: Controller = {
  name: "namespace-controller",
  workers: 5,
  watches: [
    watch<Namespace>(NAMESPACES, (namespace) => [keyOf(namespace)]),
    watch<Pod>(PODS, ({ metadata }, { caches }) => {
      const namespace = caches.of<Namespace>(NAMESPACES).get(metadata.namespace ?? "");
      const leaving = namespace?.metadata.deletionTimestamp !== undefined;
      return leaving ? [keyFrom("", metadata.namespace ?? "")] : [];
    }),
  ],
  reconcile: reconcileNamespace,
};

async function reconcileNamespace(key: string, cluster: Cluster): Promise<Requeue | undefined> {
  const { name } = splitKey(key);
  const { api, caches } = cluster;
  const namespace = caches.of<Namespace>(NAMESPACES).get(name);
  const finalizers = namespace?.spec?.finalizers ?? [];
  if (namespace?.metadata.deletionTimestamp === undefined || !finalizers.includes("kubernetes")) {
    return undefined;
  }
  const podsLeft = await empty(PODS, name, cluster);
  if (podsLeft > 0) return undefined; // each of them brings us back when it is gone
  let left = 0;
  for (const resource of api.resources()) {
    if (resource.namespaced) left += await empty(resource, name, cluster);
  }
  if (left > 0) return { afterMs: LOOK_AGAIN_MS };
  await api.update<Namespace>(
    NAMESPACES,
    {
      ...namespace,
      spec: { finalizers: finalizers.filter((finalizer) => finalizer !== "kubernetes") },
    },
    "finalize",
  );
  return undefined;
}

/** Requests the deletion of everything of one resource; returns how much is still there afterwards. */
async function empty(resource: Resource, namespace: string, { api }: Cluster): Promise<number> {
  const { items } = await listIfPossible(resource, namespace, api);
  for (const { metadata } of items) {
    if (metadata.deletionTimestamp !== undefined) continue;
    await api.delete(resource, metadata.name, { namespace, propagationPolicy: "Background" });
  }
  if (items.length === 0) return 0;
  return (await listIfPossible(resource, namespace, api)).items.length;
}

async function listIfPossible(
  resource: Resource,
  namespace: string,
  api: Cluster["api"],
): Promise<{ readonly items: readonly KubeObject[] }> {
  try {
    return await api.list(resource, { namespace });
  } catch (error) {
    // Reviews and the like are only ever created, never stored.
    if (error instanceof ApiError && (error.code === 405 || error.code === 404))
      return { items: [] };
    throw error;
  }
}
