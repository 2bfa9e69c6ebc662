import type { KubeObject } from "#embedded/api/objects.ts";

/** Whether nothing keeps a deleted object: no finalizer, no grace period, no namespace content. */
export function isRemovable({ apiVersion, kind, metadata, spec }: KubeObject): boolean {
  if ((metadata.finalizers ?? []).length > 0) return false;
  if ((metadata.deletionGracePeriodSeconds ?? 0) > 0) return false;
  if (apiVersion !== "v1" || kind !== "Namespace") return true;
  const { finalizers = [] } = (spec ?? {}) as { readonly finalizers?: readonly string[] };
  return finalizers.length === 0;
}
