import { describeRef, type ObjectRef } from "#domain/object-ref.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { ObjectQuery } from "#ports/cluster-objects.ts";
import type { ApiConnection } from "./api-connection.ts";
import { refusal } from "./api-errors.ts";
import { collectionPath, objectPath } from "./object-path.ts";

/** Undefined when there is no such object, or no such kind. */
export async function readObject(
  api: ApiConnection,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const attempt = `read ${describeRef(ref)}`;
  const answer = await api.request({ attempt, method: "GET", path: objectPath(ref) }, signal);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refusal(attempt, answer);
  return answer.body as KubernetesObject; // the API server is trusted to serve the kind that was asked for
}

/** The items of a list lack their kind, which only the list states; here each has its own. */
export async function listObjects(
  api: ApiConnection,
  { apiVersion, kind, namespace, labelSelector, fieldSelector }: ObjectQuery,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const where = namespace === undefined ? "" : ` of ${namespace}`;
  const attempt = `list ${kind}s${where}`;
  const path = collectionPath({ apiVersion, kind, ...(namespace !== undefined && { namespace }) });
  const query = {
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  };
  const answer = await api.request({ attempt, method: "GET", path, query }, signal);
  if (answer.status === 404) return [];
  if (answer.status !== 200) throw refusal(attempt, answer);
  const { items } = answer.body as { readonly items?: readonly KubernetesObject[] }; // a list of that kind
  return (items ?? []).map((item) => ({ ...item, apiVersion, kind }));
}
