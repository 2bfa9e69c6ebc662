import { describeRef } from "#domain/object-ref.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { ApiConnection } from "./api-connection.ts";
import { refusal, statusOf } from "./api-errors.ts";
import { collectionPath } from "./object-path.ts";

/** Creates, and leaves what has the name already as it is. */
export async function createObject(
  api: ApiConnection,
  object: KubernetesObject,
  signal: AbortSignal,
): Promise<"created" | "exists"> {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const ref = { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
  const attempt = `create ${describeRef(ref)}`;
  const query = { fieldManager: "lastcall" };
  const answer = await api.request(
    { attempt, method: "POST", path: collectionPath(ref), query, body: object },
    signal,
  );
  if (answer.status >= 200 && answer.status <= 299) return "created";
  if (statusOf(answer).reason === "AlreadyExists") return "exists";
  throw refusal(attempt, answer);
}
