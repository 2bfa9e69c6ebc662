/** A JSON object whose fields are not known here. */
export type JsonObject = Record<string, unknown>;

/**
 * A deep copy of a JSON value without the fields that are `undefined`: what would survive the wire. The
 * store hands out and takes in copies, so nobody can change an object that a watcher has yet to read.
 */
export function copyJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyJson) as T;
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    const field = value[key];
    if (field !== undefined) copy[key] = copyJson(field);
  }
  return copy as T;
}

/** Tells a JSON object from an array, a scalar and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
