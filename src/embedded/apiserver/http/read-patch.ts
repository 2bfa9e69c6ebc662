import { ApiError } from "#embedded/api/api-error.ts";
import type { Patch } from "#embedded/apiserver/registry/patch-object.ts";
import type { HttpExchange } from "./exchange.ts";
import { mediaTypeOf, readDocument } from "./request-body.ts";

const PATCH_TYPES: Readonly<Record<string, Patch["type"]>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
};

const APPLY_TYPE = "application/apply-patch+yaml";

/** Whether the request brings a configuration to hold, instead of a change to make. */
export function isApply({ request }: HttpExchange): boolean {
  return mediaTypeOf(request) === APPLY_TYPE;
}

/** The patch in a request's body; its language is told by the media type alone. */
export async function readPatch({ request }: HttpExchange): Promise<Patch> {
  const type = PATCH_TYPES[mediaTypeOf(request)];
  if (type !== undefined) return { type, body: await readDocument(request) };
  const accepted = [...Object.keys(PATCH_TYPES), APPLY_TYPE].join(", ");
  throw new ApiError(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    {},
  );
}
