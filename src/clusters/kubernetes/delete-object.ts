import { describeRef, type ObjectRef } from "#domain/object-ref.ts";
import type { DeletionOptions } from "#ports/cluster-objects.ts";
import type { ApiConnection } from "./api-connection.ts";
import { refusal } from "./api-errors.ts";
import { objectPath } from "./object-path.ts";

/** Asks for the deletion; what depends on the object, or its finalizers, may take longer. */
export async function deleteObject(
  api: ApiConnection,
  { ref, options }: { readonly ref: ObjectRef; readonly options: DeletionOptions },
  signal: AbortSignal,
): Promise<"deleted" | "already-gone"> {
  const attempt = `delete ${describeRef(ref)}`;
  const { propagation = "Background", dryRun, ...preconditions } = options;
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: propagation,
    ...(dryRun && { dryRun: ["All"] }),
    ...(Object.keys(preconditions).length > 0 && { preconditions }),
  };
  const answer = await api.request(
    { attempt, method: "DELETE", path: objectPath(ref), body },
    signal,
  );
  if (answer.status === 404) return "already-gone";
  // A conflict means that another object has the name now, or that it was changed meanwhile; a namespace
  // that is on its way out already answers so too.
  if (answer.status === 409) return "already-gone";
  if (answer.status < 200 || answer.status > 299) throw refusal(attempt, answer);
  return "deleted";
}
