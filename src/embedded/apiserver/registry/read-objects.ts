import { ApiError } from "#embedded/api/api-error.ts";
import type { ListOptions } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { badRequest, expired, notFound } from "#embedded/apiserver/status/refusals.ts";
import { storeKey } from "#embedded/apiserver/store/store.ts";
import { objectMatcher } from "./object-matcher.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import type { ServerContext } from "./server-context.ts";

/** Where one object is. */
export interface ObjectName {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** A list, or one page of it. */
export interface ListRequest extends ListOptions {
  readonly limit?: number;
  readonly continueToken?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
}

/** Items are the stored objects themselves: copy before changing one. */
export interface ObjectList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly continueToken?: string;
  readonly remainingItemCount?: number;
}

/** The object as stored, in the version asked for; throws 404. */
export function getObject(
  context: ServerContext,
  definition: ResourceDefinition,
  { namespace, name }: ObjectName,
): KubeObject {
  const object = context.store.get(definition.collection, storeKey(namespace, name));
  if (object === undefined) throw notFound(definition, name);
  return inServedVersion(definition, object);
}

/** Pages of one list show one moment: the token remembers the resourceVersion of the first page. */
export function listObjects(
  context: ServerContext,
  definition: ResourceDefinition,
  request: ListRequest,
): ObjectList {
  const { store } = context;
  const matches = objectMatcher(definition, request);
  const { resourceVersion, after } = startOf(context, request);
  const entries =
    resourceVersion === store.resourceVersion
      ? store.entries(definition.collection)
      : store.entriesAt(definition.collection, resourceVersion);
  if (entries === undefined) {
    throw expired(
      "The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.",
    );
  }
  const found = entries
    .filter(([key, object]) => (after === undefined || key > after) && matches(object))
    .map(([key, object]) => [key, inServedVersion(definition, object)] as const);
  const limit = request.limit ?? 0;
  const page = limit > 0 ? found.slice(0, limit) : found;
  const last = page.at(-1);
  const rest = found.length - page.length;
  return {
    items: page.map(([, object]) => object),
    resourceVersion: String(resourceVersion),
    ...(rest === 0 || last === undefined
      ? {}
      : { continueToken: encodeToken(resourceVersion, last[0]), remainingItemCount: rest }),
  };
}

/** The object in the version that this definition serves. */
export function inServedVersion(definition: ResourceDefinition, object: KubeObject): KubeObject {
  return definition.conversion === undefined ? object : definition.conversion.fromStored(object);
}

/** 504 when somebody asks for a future that has not been written. */
export function requireReached(context: ServerContext, requested: number): void {
  const current = context.store.resourceVersion;
  if (requested <= current) return;
  const message = `Too large resource version: ${requested}, current: ${current}`;
  throw new ApiError(504, "Timeout", `Timeout: ${message}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}

/** `metadata.resourceVersion` of a request as a number; throws 400 when it is none. */
export function parseResourceVersion(text: string): number {
  if (!/^\d+$/.test(text)) throw badRequest(`invalid resource version: ${JSON.stringify(text)}`);
  return Number(text);
}

function startOf(
  context: ServerContext,
  request: ListRequest,
): { readonly resourceVersion: number; readonly after?: string } {
  const current = context.store.resourceVersion;
  if (request.continueToken !== undefined && request.continueToken !== "") {
    return decodeToken(request.continueToken);
  }
  if (request.resourceVersion === undefined || request.resourceVersion === "") {
    return { resourceVersion: current };
  }
  const requested = parseResourceVersion(request.resourceVersion);
  requireReached(context, requested);
  const exact = request.resourceVersionMatch === "Exact" && requested > 0;
  return { resourceVersion: exact ? requested : current };
}

function encodeToken(resourceVersion: number, lastKey: string): string {
  return Buffer.from(JSON.stringify({ v: 1, rv: resourceVersion, key: lastKey })).toString(
    "base64url",
  );
}

function decodeToken(token: string): { readonly resourceVersion: number; readonly after: string } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (typeof parsed === "object" && parsed !== null && "rv" in parsed && "key" in parsed) {
      const { rv, key } = parsed;
      if (typeof rv === "number" && typeof key === "string") {
        return { resourceVersion: rv, after: key };
      }
    }
  } catch {
    // Not JSON: refused below like every other token that we did not write.
  }
  throw badRequest(`invalid continue token: ${JSON.stringify(token)}`);
}
