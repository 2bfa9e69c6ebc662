import { ApiError } from "#embedded/api/api-error.ts";
import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import type { NewPod } from "./pod-from-template.ts";

/** Creates a pod and tells so on its owner; a refusal is told and thrown. */
export async function createPod(
  pod: NewPod,
  owner: KubeObject,
  { api, record }: Cluster,
): Promise<void> {
  try {
    const created = await api.create<Pod>(PODS, pod);
    const message = `Created pod: ${created.metadata.name}`;
    record(owner, { type: "Normal", reason: "SuccessfulCreate", message });
  } catch (error) {
    if (isNamespaceTerminating(error)) return; // its content is being deleted; there is no use in trying
    const message = `Error creating: ${messageOf(error)}`;
    record(owner, { type: "Warning", reason: "FailedCreate", message });
    throw error;
  }
}

/** Deletes a pod with its own grace period and tells so on its owner. */
export async function deletePod(
  pod: Pod,
  owner: KubeObject,
  { api, record }: Cluster,
): Promise<void> {
  const { name, namespace = "", uid } = pod.metadata;
  try {
    await api.delete(PODS, name, { namespace, preconditions: { uid } });
    record(owner, { type: "Normal", reason: "SuccessfulDelete", message: `Deleted pod: ${name}` });
  } catch (error) {
    const message = `Error deleting: ${messageOf(error)}`;
    record(owner, { type: "Warning", reason: "FailedDelete", message });
    throw error;
  }
}

/** In JavaScript anything can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the API refuses an object because its namespace is on its way out. */
export function isNamespaceTerminating(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    (error.details?.causes ?? []).some(({ reason }) => reason === "NamespaceTerminating")
  );
}
