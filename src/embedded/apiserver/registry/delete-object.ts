import { ApiError } from "#embedded/api/api-error.ts";
import type { DeleteRequest } from "#embedded/api/client.ts";
import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import { conflict, forbiddenFor } from "#embedded/apiserver/status/refusals.ts";
import { keyOf } from "#embedded/apiserver/store/store.ts";
import { betweenWrites } from "./between-writes.ts";
import { isRemovable } from "./is-removable.ts";
import { decidePodDeletion } from "./pod-deletion.ts";
import { getObject, inServedVersion, type ObjectName } from "./read-objects.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import { type ServerContext, timestamp } from "./server-context.ts";

/** A delete request as it arrives, the old spelling of the orphan policy included. */
export interface DeleteOptions extends Omit<DeleteRequest, "namespace"> {
  readonly orphanDependents?: boolean;
  readonly dryRun?: boolean;
}

/** What a delete came to. */
export interface Deletion {
  /** The last state: removed, or marked for whoever has to clean up first. */
  readonly object: KubeObject;
  readonly removed: boolean;
}

/** Removes an object, or marks it and leaves the removal to the finalizers or to the kubelet. */
export async function deleteObject(
  context: ServerContext,
  definition: ResourceDefinition,
  request: ObjectName & { readonly options: DeleteOptions },
): Promise<Deletion> {
  const { options } = request;
  const served = getObject(context, definition, request);
  checkPreconditions(definition, served, options);
  const current = definition.conversion?.toStored(served) ?? served;
  const marked = markForDeletion(context, definition, { current, options });
  const removed = isRemovable(marked);
  if (options.dryRun === true) return { object: inServedVersion(definition, marked), removed };
  // A pod is marked even when it goes at once: its watchers see the deletion, then the removal.
  const write = !equalJson(marked, current) && (!removed || isPod(definition));
  const stored = write
    ? context.store.write(definition.collection, keyOf(current), marked)
    : current;
  if (write && removed) await betweenWrites();
  const last = removed ? removeIfStill(context, definition, stored) : undefined;
  return { object: inServedVersion(definition, last ?? stored), removed };
}

/** Between the two writes somebody else may have removed the pod. */
function removeIfStill(
  { store }: ServerContext,
  { collection }: ResourceDefinition,
  object: KubeObject,
): KubeObject | undefined {
  const key = keyOf(object);
  const isThere = store.get(collection, key)?.metadata.uid === object.metadata.uid;
  return isThere ? store.remove(collection, key) : undefined;
}

/** Throws a conflict when the object is not the one, or not in the state, that the request is about. */
export function checkPreconditions(
  { group, kind }: ResourceDefinition,
  { metadata }: KubeObject,
  { preconditions }: DeleteOptions,
): void {
  const resource = { group, plural: kind };
  if (preconditions?.uid !== undefined && preconditions.uid !== metadata.uid) {
    throw conflict(
      resource,
      metadata.name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  const expected = preconditions?.resourceVersion;
  if (expected !== undefined && expected !== metadata.resourceVersion) {
    throw conflict(
      resource,
      metadata.name,
      `the ResourceVersion in the precondition (${expected}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

interface Marking {
  readonly current: KubeObject;
  readonly options: DeleteOptions;
}

function markForDeletion(
  context: ServerContext,
  definition: ResourceDefinition,
  { current, options }: Marking,
): KubeObject {
  const finalizers = finalizersFor(definition, current, options);
  const metadata = { ...current.metadata };
  if (finalizers.length > 0) metadata.finalizers = [...finalizers];
  else delete metadata.finalizers;
  const marked = { ...current, metadata };
  if (isPod(definition)) {
    return markPod(marked as Pod, options.gracePeriodSeconds, context.nowMs());
  }
  if (metadata.deletionTimestamp !== undefined) return marked;
  if (definition.collection === "/namespaces") return markNamespace(context, definition, marked);
  if (finalizers.length === 0) return marked;
  metadata.deletionTimestamp = timestamp(context.nowMs());
  metadata.deletionGracePeriodSeconds = 0;
  if (metadata.generation !== undefined) metadata.generation += 1;
  return marked;
}

function markPod(pod: Pod, requestedSeconds: number | undefined, nowMs: number): Pod {
  const decision = decidePodDeletion(pod, requestedSeconds, nowMs);
  if (decision.type === "unchanged") return pod;
  const { metadata } = pod;
  metadata.deletionTimestamp = decision.deletionTimestamp;
  metadata.deletionGracePeriodSeconds = decision.gracePeriodSeconds;
  if (decision.isFirst) metadata.generation = (metadata.generation ?? 0) + 1;
  return pod;
}

const IMMORTAL_NAMESPACES = new Set(["default", "kube-system", "kube-public"]);

function markNamespace(
  context: ServerContext,
  definition: ResourceDefinition,
  namespace: KubeObject,
): KubeObject {
  const { metadata, status } = namespace;
  if (IMMORTAL_NAMESPACES.has(metadata.name)) {
    throw forbiddenFor(definition, metadata.name, { why: "this namespace may not be deleted" });
  }
  metadata.deletionTimestamp = timestamp(context.nowMs());
  return { ...namespace, status: { ...(status as object | undefined), phase: "Terminating" } };
}

const GARBAGE_FINALIZERS = { Orphan: "orphan", Foreground: "foregroundDeletion" } as const;

/** The finalizers that tell the garbage collector what to do about the dependents. */
function finalizersFor(
  definition: ResourceDefinition,
  { metadata }: KubeObject,
  options: DeleteOptions,
): readonly string[] {
  const existing = metadata.finalizers ?? [];
  const policy = policyOf(definition, existing, options);
  const others = existing.filter(
    (finalizer) => finalizer !== "orphan" && finalizer !== "foregroundDeletion",
  );
  return policy === "Background" ? others : [...others, GARBAGE_FINALIZERS[policy]];
}

function policyOf(
  definition: ResourceDefinition,
  existing: readonly string[],
  { propagationPolicy, orphanDependents }: DeleteOptions,
): "Background" | "Foreground" | "Orphan" {
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    throw new ApiError(
      422,
      "Invalid",
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "orphanDependents and propagationPolicy cannot be both set"',
      { group: "meta.k8s.io", kind: "DeleteOptions" },
    );
  }
  if (propagationPolicy !== undefined) return propagationPolicy;
  if (orphanDependents !== undefined) return orphanDependents ? "Orphan" : "Background";
  if (existing.includes("orphan")) return "Orphan";
  if (existing.includes("foregroundDeletion")) return "Foreground";
  return definition.orphansByDefault ? "Orphan" : "Background";
}

function isPod({ collection }: ResourceDefinition): boolean {
  return collection === "/pods";
}
