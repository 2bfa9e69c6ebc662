import { isObject, type JsonObject } from "./copy-json.ts";

/** Sets each field that is absent or null; what somebody gave stays. */
export function fillIn(target: JsonObject, defaults: JsonObject): void {
  for (const [field, value] of Object.entries(defaults)) {
    if (target[field] === undefined || target[field] === null) target[field] = value;
  }
}

/** The object below a field, created when it is not there: something to fill in. */
export function objectAt(target: JsonObject, field: string): JsonObject {
  const existing = target[field];
  if (isObject(existing)) return existing;
  const created: JsonObject = {};
  target[field] = created;
  return created;
}

/** The objects of a list; nothing when the field is absent or malformed. */
export function objectsIn(target: JsonObject | undefined, field: string): readonly JsonObject[] {
  const list = target?.[field];
  return Array.isArray(list) ? list.filter(isObject) : [];
}
