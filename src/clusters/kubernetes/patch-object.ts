import { describeRef, type ObjectRef } from "#domain/object-ref.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { ObjectPatch, PatchOutcome } from "#ports/cluster-objects.ts";
import type { ApiConnection } from "./api-connection.ts";
import { refusal, statusOf } from "./api-errors.ts";
import { objectPath } from "./object-path.ts";

const CONTENT_TYPES: Readonly<Record<ObjectPatch["type"], string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

/** One patch. The API answers a JSON patch whose `test` fails with 422, an old resource version with 409. */
export async function patchObject(
  api: ApiConnection,
  { ref, patch }: { readonly ref: ObjectRef; readonly patch: ObjectPatch },
  signal: AbortSignal,
): Promise<PatchOutcome> {
  const { type, body, subresource, dryRun = false } = patch;
  const attempt = `patch ${describeRef(ref)}`;
  const answer = await api.request(
    {
      attempt,
      method: "PATCH",
      path: subresource === undefined ? objectPath(ref) : `${objectPath(ref)}/${subresource}`,
      query: { fieldManager: "lastcall", ...(dryRun && { dryRun: "All" }) },
      body,
      contentType: CONTENT_TYPES[type],
    },
    signal,
  );
  if (answer.status === 404) return { type: "not-found" };
  const { message = "" } = statusOf(answer);
  const testFailed = type === "json" && answer.status === 422 && /test/i.test(message);
  if (answer.status === 409 || testFailed) return { type: "conflict", message };
  if (answer.status < 200 || answer.status > 299) throw refusal(attempt, answer);
  return { type: "patched", object: answer.body as KubernetesObject }; // the patched object itself
}
