import { copyJson, isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";
import { type FieldPath, listStrategy } from "./merge-keys.ts";
import { orderBySetElementOrder } from "./set-element-order.ts";

/**
 * Kubernetes' strategic merge patch: a merge patch in which lists of named things merge by name, with
 * directives (`$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`) for what a
 * merge cannot say.
 */
export function applyStrategicMerge(kind: string, target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) throw badRequest("json: cannot unmarshal patch into an object");
  return mergeObjects(kind, [], isObject(target) ? target : {}, patch);
}

const ORDER = "$setElementOrder/";
const DELETE_FROM_SET = "$deleteFromPrimitiveList/";

function mergeObjects(
  kind: string,
  path: FieldPath,
  target: JsonObject,
  patch: JsonObject,
): JsonObject {
  if (patch["$patch"] === "delete") return {};
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  const result = retained(target, patch["$retainKeys"]);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith("$")) continue;
    const place = [...path, key];
    if (value === null) delete result[key];
    else if (Array.isArray(value)) result[key] = mergeLists(kind, place, result[key], value);
    else if (isObject(value)) {
      const before = result[key];
      result[key] = mergeObjects(kind, place, isObject(before) ? before : {}, value);
    } else result[key] = value;
  }
  for (const [directive, value] of Object.entries(patch)) {
    applyListDirective({ kind, path, target, result }, directive, value);
  }
  return result;
}

interface Merging {
  readonly kind: string;
  readonly path: FieldPath;
  readonly target: JsonObject;
  readonly result: JsonObject;
}

function applyListDirective(
  { kind, path, target, result }: Merging,
  directive: string,
  value: unknown,
): void {
  if (!Array.isArray(value)) return;
  if (directive.startsWith(DELETE_FROM_SET)) {
    const field = directive.slice(DELETE_FROM_SET.length);
    const list = result[field];
    if (Array.isArray(list)) result[field] = list.filter((item) => !value.includes(item));
  }
  if (directive.startsWith(ORDER)) {
    const field = directive.slice(ORDER.length);
    const merged = result[field];
    const before = target[field];
    if (!Array.isArray(merged)) return;
    const strategy = listStrategy(kind, [...path, field]);
    const identify = (item: unknown) =>
      strategy.type === "by-key" && isObject(item) ? item[strategy.key] : item;
    const original = (Array.isArray(before) ? before : []).map(identify);
    result[field] = orderBySetElementOrder(merged, identify, {
      wanted: value.map(identify),
      original,
    });
  }
}

function mergeLists(
  kind: string,
  path: FieldPath,
  target: unknown,
  patch: readonly unknown[],
): readonly unknown[] {
  const strategy = listStrategy(kind, path);
  const before: readonly unknown[] = Array.isArray(target) ? target : [];
  switch (strategy.type) {
    case "atomic":
      return copyJson(patch.map((item) => (isObject(item) ? withoutDirectives(item) : item)));
    case "set": {
      const merged = [...before, ...patch.filter((item) => !before.includes(item))];
      return orderBySetElementOrder(merged, (item) => item, { wanted: patch, original: before });
    }
    case "by-key": {
      const merged = mergeByKey({ kind, path, key: strategy.key }, before, patch);
      const identify = (item: unknown) => (isObject(item) ? item[strategy.key] : item);
      const orders = { wanted: patch.map(identify), original: before.map(identify) };
      return orderBySetElementOrder(merged, identify, orders);
    }
  }
}

function mergeByKey(
  { kind, path, key }: { readonly kind: string; readonly path: FieldPath; readonly key: string },
  before: readonly unknown[],
  patch: readonly unknown[],
): readonly unknown[] {
  const items = patch.map((item) => {
    if (isObject(item)) return item;
    throw badRequest(`expected a list of objects at ${path.join(".")}`);
  });
  if (items.some((item) => item["$patch"] === "replace" && !(key in item))) {
    return items.filter((item) => key in item).map(withoutDirectives);
  }
  const result = [...before];
  for (const item of items) {
    if (!(key in item)) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
    const index = result.findIndex(
      (candidate) => isObject(candidate) && equalJson(candidate[key], item[key]),
    );
    const existing = result[index];
    if (item["$patch"] === "delete") {
      if (index >= 0) result.splice(index, 1);
    } else if (isObject(existing)) result[index] = mergeObjects(kind, path, existing, item);
    else result.push(mergeObjects(kind, path, {}, item));
  }
  return result;
}

function retained(target: JsonObject, keys: unknown): JsonObject {
  if (!Array.isArray(keys)) return { ...target };
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)));
}

function withoutDirectives(patch: JsonObject): JsonObject {
  const kept = Object.entries(patch).filter(
    ([key, value]) => !key.startsWith("$") && value !== null,
  );
  return Object.fromEntries(
    kept.map(([key, value]) => [key, isObject(value) ? withoutDirectives(value) : copyJson(value)]),
  );
}
