import { ApiError } from "#embedded/api/api-error.ts";
import type { JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { ExpiredList } from "./expired-list.ts";

/** The Status object that answers a refused request. Anything but an ApiError is a fault of ours: 500. */
export function statusOf(error: unknown): JsonObject & { readonly code: number } {
  const refusal =
    error instanceof ApiError
      ? error
      : new ApiError(500, "InternalError", `Internal error occurred: ${describe(error)}`);
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: refusal instanceof ExpiredList ? { continue: refusal.continueToken } : {},
    status: "Failure",
    message: refusal.message,
    ...(refusal.reason === "" ? {} : { reason: refusal.reason }),
    ...(refusal.details === undefined ? {} : { details: refusal.details }),
    code: refusal.code,
  };
}

/** The Status object that answers a delete whose resource does not return the object. */
export function deletedStatus(details: JsonObject): JsonObject {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
