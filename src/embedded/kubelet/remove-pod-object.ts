import { isConflict } from "#embedded/api/api-error.ts";
import type { ApiClient } from "#embedded/api/client.ts";
import type { Pod } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";

/** The second and last DELETE of a graceful deletion; a younger pod of the same name is left alone. */
export async function removePodObject(client: ApiClient, { metadata }: Pod): Promise<void> {
  const { name, namespace, uid } = metadata;
  const options = { gracePeriodSeconds: 0, preconditions: { uid } };
  try {
    await client.delete(PODS, name, { ...options, ...(namespace !== undefined && { namespace }) });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}
