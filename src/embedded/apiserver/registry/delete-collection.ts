import { isNotFound } from "#embedded/api/api-error.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { type DeleteOptions, deleteObject } from "./delete-object.ts";
import { type ListRequest, listObjects } from "./read-objects.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import type { ServerContext } from "./server-context.ts";

/** Deletes what a list would show, each object by its own rules; returns their last states. */
export async function deleteCollection(
  context: ServerContext,
  definition: ResourceDefinition,
  { selection, options }: { readonly selection: ListRequest; readonly options: DeleteOptions },
): Promise<readonly KubeObject[]> {
  const { items } = listObjects(context, definition, selection);
  const deletions = items.map(async ({ metadata: { namespace, name } }) => {
    try {
      return [(await deleteObject(context, definition, { namespace, name, options })).object];
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  });
  return (await Promise.all(deletions)).flat();
}
