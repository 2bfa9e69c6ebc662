import type { ObjectMeta } from "#embedded/api/objects.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { forbiddenFor, notFound, type ResourceName } from "#embedded/apiserver/status/refusals.ts";

/** Nothing new enters a namespace that is not there (404) or on its way out (403). */
export function requireNamespace(
  { store }: ServerContext,
  resource: ResourceName,
  { name, namespace = "" }: ObjectMeta,
): void {
  const found = store.get("/namespaces", namespace);
  if (found === undefined) throw notFound({ group: "", plural: "namespaces" }, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  throw forbiddenFor(resource, name, {
    why: `unable to create new content in namespace ${namespace} because it is being terminated`,
    causes: [
      {
        reason: "NamespaceTerminating",
        message: `namespace ${namespace} is being terminated`,
        field: "metadata.namespace",
      },
    ],
  });
}
