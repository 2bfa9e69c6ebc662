import { isNotFound } from "#embedded/api/api-error.ts";
import type { Resource } from "#embedded/api/client.ts";
import type { KubeObject, OwnerReference } from "#embedded/api/objects.ts";
import type { Cluster, Controller } from "#embedded/controllers/controller.ts";
import { FOREGROUND, type GraphNode, isDeleting, ORPHAN, OwnerGraph } from "./owner-graph.ts";

/**
 * Deletes what has lost its owners, and carries out the two slower ways to delete an owner: Foreground
 * waits for the dependents that block it, Orphan lets them go first.
 */
export function garbageCollector(): Controller {
  const graph = new OwnerGraph();
  return {
    name: "garbage-collector-controller",
    workers: 10,
    watches: [],
    watchEverything: (change, resource) => graph.observe(change, resource),
    async reconcile(uid, cluster) {
      const node = graph.find(uid);
      if (node === undefined) return undefined;
      if (isDeleting(node.object, ORPHAN)) await orphanDependents(node, graph, cluster);
      else if (isDeleting(node.object, FOREGROUND)) await deleteDependents(node, graph, cluster);
      else await collect(node, graph, cluster);
      return undefined;
    },
  };
}

async function orphanDependents(
  owner: GraphNode,
  graph: OwnerGraph,
  cluster: Cluster,
): Promise<void> {
  const { uid } = owner.object.metadata;
  for (const dependent of graph.dependentsOf(uid)) {
    await dropOwners(dependent, (reference) => reference.uid === uid, cluster);
  }
  await removeFinalizer(owner, ORPHAN, cluster);
}

async function deleteDependents(
  owner: GraphNode,
  graph: OwnerGraph,
  cluster: Cluster,
): Promise<void> {
  const { uid } = owner.object.metadata;
  const dependents = graph.dependentsOf(uid);
  const blocks = ({ object }: GraphNode) =>
    (object.metadata.ownerReferences ?? []).some(
      (reference) => reference.uid === uid && reference.blockOwnerDeletion === true,
    );
  for (const dependent of dependents) await collect(dependent, graph, cluster);
  if (!dependents.some(blocks)) await removeFinalizer(owner, FOREGROUND, cluster);
}

type OwnerState = "solid" | "absent" | "waiting";

async function collect(node: GraphNode, graph: OwnerGraph, cluster: Cluster): Promise<void> {
  const { metadata } = node.object;
  if (metadata.deletionTimestamp !== undefined) return;
  const owners = metadata.ownerReferences ?? [];
  const states = new Map<string, OwnerState>();
  for (const owner of owners) {
    states.set(owner.uid, await stateOf(owner, metadata.namespace, { graph, cluster }));
  }
  const all = [...states.values()];
  if (all.length === 0 || all.every((state) => state === "solid")) return;
  if (all.includes("solid")) {
    await dropOwners(node, ({ uid }) => states.get(uid) !== "solid", cluster);
    return;
  }
  const dependents = graph.dependentsOf(metadata.uid);
  const slowly = all.includes("waiting") && dependents.length > 0;
  // Of objects that own each other in a circle each would wait for the next for ever.
  if (slowly && dependents.some(({ object }) => isDeleting(object, FOREGROUND))) {
    await unblockOwners(node, cluster);
  }
  await cluster.api.delete(node.resource, metadata.name, {
    ...namespaceOf(metadata.namespace),
    propagationPolicy: slowly ? "Foreground" : policyOf(node.object),
    preconditions: { uid: metadata.uid },
  });
}

/** Finalizers that were set before a deletion say how the object wants to be deleted. */
function policyOf({ metadata }: KubeObject): "Background" | "Foreground" | "Orphan" {
  if (metadata.finalizers?.includes(ORPHAN)) return "Orphan";
  return metadata.finalizers?.includes(FOREGROUND) ? "Foreground" : "Background";
}

async function stateOf(
  owner: OwnerReference,
  namespace: string | undefined,
  { graph, cluster }: { readonly graph: OwnerGraph; readonly cluster: Cluster },
): Promise<OwnerState> {
  const known = graph.find(owner.uid)?.object;
  if (known !== undefined) return isDeleting(known, FOREGROUND) ? "waiting" : "solid";
  // The watches may be behind; only the API can say that an owner does not exist.
  const resource = resourceOf(owner, cluster);
  if (resource === undefined) return "solid"; // of a kind that is not served: nobody can tell
  const live = await cluster.api.get(
    resource,
    owner.name,
    resource.namespaced ? namespace : undefined,
  );
  if (live?.metadata.uid !== owner.uid) return "absent";
  return isDeleting(live, FOREGROUND) ? "waiting" : "solid";
}

function resourceOf(owner: OwnerReference, { api }: Cluster): Resource | undefined {
  const [group = "", version] = owner.apiVersion.includes("/")
    ? owner.apiVersion.split("/")
    : ["", owner.apiVersion];
  const ofKind = api
    .resources()
    .filter((resource) => resource.group === group && resource.kind === owner.kind);
  return ofKind.find((resource) => resource.version === version) ?? ofKind[0];
}

async function dropOwners(
  { resource, object }: GraphNode,
  drop: (reference: OwnerReference) => boolean,
  { api }: Cluster,
): Promise<void> {
  const { name, namespace, uid, ownerReferences = [] } = object.metadata;
  const kept = ownerReferences.filter((reference) => !drop(reference));
  if (kept.length === ownerReferences.length) return;
  await ignoreNotFound(
    api.patch(resource, {
      name,
      ...namespaceOf(namespace),
      type: "merge",
      body: { metadata: { uid, ownerReferences: kept } },
    }),
  );
}

async function unblockOwners({ resource, object }: GraphNode, { api }: Cluster): Promise<void> {
  const { name, namespace, uid, ownerReferences = [] } = object.metadata;
  const unblocking = ownerReferences.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
  await ignoreNotFound(
    api.patch(resource, {
      name,
      ...namespaceOf(namespace),
      type: "merge",
      body: { metadata: { uid, ownerReferences: unblocking } },
    }),
  );
}

async function removeFinalizer(
  { resource, object }: GraphNode,
  finalizer: string,
  { api }: Cluster,
): Promise<void> {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const finalizers = (object.metadata.finalizers ?? []).filter((other) => other !== finalizer);
  await ignoreNotFound(
    api.patch(resource, {
      name,
      ...namespaceOf(namespace),
      type: "merge",
      body: { metadata: { uid, resourceVersion, finalizers } },
    }),
  );
}

function namespaceOf(namespace: string | undefined): { readonly namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}

async function ignoreNotFound(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
