import { ApiError } from "#embedded/api/api-error.ts";
import type { ListOptions } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { ExpiredList } from "#embedded/apiserver/status/expired-list.ts";
import { badRequest, expired, notFound } from "#embedded/apiserver/status/refusals.ts";
import { storeKey } from "#embedded/apiserver/store/store.ts";
import { decodeToken, encodeToken } from "./continue-token.ts";
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

/**
 * Pages of one list show one moment: the token remembers the resourceVersion of the first page. A moment is
 * kept for as long as a real store keeps it, which throws away its history every five minutes.
 */
export function listObjects(
  context: ServerContext,
  definition: ResourceDefinition,
  request: ListRequest,
): ObjectList {
  const matches = objectMatcher(definition, request);
  const start = startOf(context, request);
  const { resourceVersion, after, begunAtMs } = start;
  const found = entriesFrom(context, definition, start).filter(
    ([key, object]) => (after === undefined || key > after) && matches(object),
  );
  const limit = request.limit ?? 0;
  const page = limit > 0 ? found.slice(0, limit) : found;
  const last = page.at(-1);
  const rest = found.length - page.length;
  const items = page.map(([, object]) => inServedVersion(definition, object));
  if (rest === 0 || last === undefined) return { items, resourceVersion: String(resourceVersion) };
  return {
    items,
    resourceVersion: String(resourceVersion),
    continueToken: encodeToken({ resourceVersion, after: last[0], begunAtMs }),
    remainingItemCount: rest,
  };
}

const MOMENT_KEPT_MS = 5 * 60_000;

function entriesFrom(
  { store, nowMs }: ServerContext,
  { collection }: ResourceDefinition,
  { resourceVersion, after, begunAtMs }: ListStart,
): readonly (readonly [string, KubeObject])[] {
  if (resourceVersion === store.resourceVersion) return store.entries(collection);
  const isKept = nowMs() - begunAtMs < MOMENT_KEPT_MS;
  const entries = isKept ? store.entriesAt(collection, resourceVersion) : undefined;
  if (entries !== undefined) return entries;
  if (after !== undefined) throw new ExpiredList(encodeToken({ after, begunAtMs }));
  throw expired("The resourceVersion for the provided list is too old.");
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

interface ListStart {
  readonly resourceVersion: number;
  readonly after?: string;
  readonly begunAtMs: number;
}

function startOf(context: ServerContext, request: ListRequest): ListStart {
  const now = { resourceVersion: context.store.resourceVersion, begunAtMs: context.nowMs() };
  if (request.continueToken !== undefined && request.continueToken !== "") {
    const page = decodeToken(request.continueToken);
    return page.resourceVersion === undefined ? { ...now, after: page.after } : { ...now, ...page };
  }
  if (request.resourceVersion === undefined || request.resourceVersion === "") return now;
  const requested = parseResourceVersion(request.resourceVersion);
  requireReached(context, requested);
  const exact = request.resourceVersionMatch === "Exact" && requested > 0;
  return exact ? { ...now, resourceVersion: requested } : now;
}
