import type { ObjectRef } from "#domain/object-ref.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { ObjectPatch } from "#ports/cluster-objects.ts";

/**
 * Objects that can be read and merge-patched, as an API server keeps them; a dry run changes nothing. Every
 * patch that was meant is in `patches`.
 */
export function storedObjects(...initial: readonly KubernetesObject[]) {
  const objects = new Map(initial.map((object) => [keyOf(object), object]));
  const patches: object[] = [];
  const operations: Pick<Cluster, "readObject" | "patchObject" | "listObjects" | "createObject"> = {
    createObject: async (object) => {
      if (objects.has(keyOf(object))) return "exists";
      objects.set(keyOf(object), object);
      return "created";
    },
    readObject: async (ref) => objects.get(keyOfRef(ref)),
    listObjects: async ({ kind }) => [...objects.values()].filter((one) => one.kind === kind),
    patchObject: async (ref, patch: ObjectPatch) => {
      const stored = objects.get(keyOfRef(ref));
      if (stored === undefined) return { type: "not-found" };
      const merged = merge(stored, patch.body) as KubernetesObject; // a patch keeps it an object
      const generation = ((stored.metadata as { generation?: number }).generation ?? 1) + 1;
      const object = { ...merged, metadata: { ...merged.metadata, generation } };
      if (patch.dryRun !== true) {
        patches.push(patch.body);
        objects.set(keyOfRef(ref), object);
      }
      return { type: "patched", object };
    },
  };
  return { operations, objects, patches };
}

function merge(into: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const base = typeof into === "object" && into !== null ? into : {};
  const entries = Object.entries(patch).map(([key, value]) => [
    key,
    merge((base as Record<string, unknown>)[key], value),
  ]);
  const merged = { ...base, ...Object.fromEntries(entries) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
}

function keyOfRef({ kind, namespace, name }: ObjectRef): string {
  return `${kind}/${namespace ?? ""}/${name}`;
}
