import { ApiError } from "#embedded/api/api-error.ts";
import type { Resource } from "#embedded/api/client.ts";
import type { Condition, KubeObject, Pod } from "#embedded/api/objects.ts";
import { NAMESPACES, PODS } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import type { Requeue } from "#embedded/controllers/machinery/work-queue.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { isTerminal } from "#embedded/controllers/pods/pod-state.ts";
import { deletionConditions, type Remains } from "./deletion-conditions.ts";

interface Namespace extends KubeObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

/** Each change of a namespace is waited with, so that others learn of its deletion before it is emptied. */
const PATIENCE_MS = 5_000;

/** How long content with finalizers is reckoned to take. */
const FINALIZERS_SECONDS = 15;

/** Empties a namespace that is being deleted: its pods first, with their grace; then everything else. */
export const namespaceController: Controller = {
  name: "namespace-controller",
  workers: 5,
  watches: [
    watch<Namespace>(
      NAMESPACES,
      (namespace) => (namespace.metadata.deletionTimestamp === undefined ? [] : [keyOf(namespace)]),
      () => PATIENCE_MS,
    ),
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
  const pods = await empty(PODS, name, cluster);
  if (pods.length > 0) {
    await tell(namespace, new Map([[nameOf(PODS), pods]]), cluster);
    return lookAgain(Math.max(0, ...(pods as readonly Pod[]).map(secondsLeft)));
  }
  const remains = new Map<string, readonly KubeObject[]>();
  for (const resource of api.resources()) {
    if (!resource.namespaced) continue;
    const left = await empty(resource, name, cluster);
    if (left.length > 0) remains.set(nameOf(resource), left);
  }
  const told = await tell(namespace, remains, cluster);
  if (remains.size > 0) return lookAgain(FINALIZERS_SECONDS);
  await api.update<Namespace>(
    NAMESPACES,
    {
      ...told,
      spec: { finalizers: finalizers.filter((finalizer) => finalizer !== "kubernetes") },
    },
    "finalize",
  );
  return undefined;
}

/** Nobody says that content is gone: it is looked for after half the time that it is reckoned to take. */
function lookAgain(seconds: number): Requeue {
  return { afterMs: (Math.floor(seconds / 2) + 1) * 1000 };
}

function secondsLeft(pod: Pod): number {
  if (!isTerminal(pod)) return pod.spec.terminationGracePeriodSeconds ?? 30;
  return (pod.metadata.finalizers ?? []).length > 0 ? FINALIZERS_SECONDS : 0;
}

async function tell(namespace: Namespace, remains: Remains, { api, nowMs }: Cluster) {
  const { status = {} } = namespace;
  const conditions = deletionConditions(status.conditions ?? [], remains, timestamp(nowMs()));
  const told = { ...namespace, status: { ...status, conditions } };
  return await api.update<Namespace>(NAMESPACES, told, "status");
}

function nameOf({ plural, group }: Resource): string {
  return `${plural}.${group}`;
}

/** Requests the deletion of everything of one resource; returns what is still there afterwards. */
async function empty(
  resource: Resource,
  namespace: string,
  { api }: Cluster,
): Promise<readonly KubeObject[]> {
  const { items } = await listIfPossible(resource, namespace, api);
  for (const { metadata } of items) {
    if (metadata.deletionTimestamp !== undefined) continue;
    await api.delete(resource, metadata.name, { namespace, propagationPolicy: "Background" });
  }
  if (items.length === 0) return [];
  return (await listIfPossible(resource, namespace, api)).items;
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
