import type { ObjectRef } from "#domain/object-ref.ts";

/**
 * The collection of a kind. The plural is not asked for, as `apply` does for kinds it has never heard of:
 * all kinds that the harness itself touches form theirs by an `s`.
 */
export function collectionPath({
  apiVersion,
  kind,
  namespace,
}: Pick<ObjectRef, "apiVersion" | "kind" | "namespace">): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${kind.toLowerCase()}s`;
}

/** The object's own address. */
export function objectPath(ref: ObjectRef): string {
  return `${collectionPath(ref)}/${encodeURIComponent(ref.name)}`;
}
