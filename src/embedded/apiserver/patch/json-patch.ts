import { ApiError } from "#embedded/api/api-error.ts";
import { copyJson, isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";

/** JSON patch (RFC 6902): all operations in order, or none and a 422. */
export function applyJsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch",
    );
  }
  // The document sits in a holder, so that even its root can be replaced.
  const holder: JsonObject = { "": copyJson(target) };
  for (const operation of patch) applyOperation(holder, operation);
  return holder[""];
}

function applyOperation(holder: JsonObject, operation: unknown): void {
  if (!isObject(operation)) throw rejected();
  const path = parsePointer(operation["path"]);
  switch (operation["op"]) {
    case "add":
      insert(holder, path, copyJson(operation["value"]));
      break;
    case "remove":
      remove(holder, path);
      break;
    case "replace":
      replace(holder, path, copyJson(operation["value"]));
      break;
    case "copy":
      insert(holder, path, copyJson(read(holder, parsePointer(operation["from"]))));
      break;
    case "move":
      insert(holder, path, remove(holder, parsePointer(operation["from"])));
      break;
    case "test":
      if (!equalJson(read(holder, path) ?? null, operation["value"] ?? null)) throw rejected();
      break;
    default:
      throw rejected();
  }
}

type Pointer = readonly string[];

function parsePointer(pointer: unknown): Pointer {
  if (typeof pointer !== "string" || (pointer !== "" && !pointer.startsWith("/"))) throw rejected();
  // The leading empty segment is the holder's key.
  return pointer.split("/").map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function read(holder: JsonObject, path: Pointer): unknown {
  return path.reduce<unknown>((parent, key) => {
    if (Array.isArray(parent)) return parent[existingIndex(parent, key)];
    if (isObject(parent) && key in parent) return parent[key];
    throw rejected();
  }, holder);
}

function insert(holder: JsonObject, path: Pointer, value: unknown): void {
  const { parent, key } = locate(holder, path);
  if (isObject(parent)) {
    parent[key] = value;
    return;
  }
  const index = key === "-" ? parent.length : existingIndex([...parent, undefined], key);
  parent.splice(index, 0, value);
}

function replace(holder: JsonObject, path: Pointer, value: unknown): void {
  const { parent, key } = locate(holder, path);
  if (Array.isArray(parent)) parent[existingIndex(parent, key)] = value;
  else if (key in parent) parent[key] = value;
  else throw rejected();
}

function remove(holder: JsonObject, path: Pointer): unknown {
  const { parent, key } = locate(holder, path);
  if (Array.isArray(parent)) return parent.splice(existingIndex(parent, key), 1)[0];
  if (!(key in parent)) throw rejected();
  const value = parent[key];
  delete parent[key];
  return value;
}

function locate(
  holder: JsonObject,
  path: Pointer,
): { readonly parent: JsonObject | unknown[]; readonly key: string } {
  const parent = read(holder, path.slice(0, -1));
  const key = path.at(-1) ?? "";
  if (isObject(parent) || Array.isArray(parent)) return { parent, key };
  throw rejected();
}

function existingIndex(list: readonly unknown[], key: string): number {
  const index = /^(0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN;
  if (index < list.length) return index;
  throw rejected();
}

/** Kubernetes keeps the reason to itself, and so do we: clients match on this sentence. */
function rejected(): ApiError {
  const message = "the server rejected our request due to an error in our request";
  return new ApiError(422, "Invalid", message, {});
}
