import { isObject } from "#embedded/apiserver/json/copy-json.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";

/** Where the next page of a list begins. */
export interface PageStart {
  /** The moment that the list shows; absent when that is forgotten and the list goes on with now. */
  readonly resourceVersion?: number;
  /** The last key of the page before. */
  readonly after: string;
  /** When the first page was read. */
  readonly begunAtMs: number;
}

/** Opaque to clients, and the same for all pages of one list but for the key. */
export function encodeToken({ resourceVersion, after, begunAtMs }: PageStart): string {
  const fields = { v: 2, rv: resourceVersion, key: after, at: begunAtMs };
  return Buffer.from(JSON.stringify(fields)).toString("base64url");
}

/** Throws a 400 for a token that this server did not write. */
export function decodeToken(token: string): PageStart {
  const { rv, key, at } = parse(token) ?? {};
  const isOurs = rv === undefined || typeof rv === "number";
  if (!isOurs || typeof key !== "string" || typeof at !== "number") {
    throw badRequest(`invalid continue token: ${JSON.stringify(token)}`);
  }
  return { ...(rv === undefined ? {} : { resourceVersion: rv }), after: key, begunAtMs: at };
}

function parse(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const fields: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    return isObject(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}
