import { copyJson, isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";

/** Fills in the defaults that a custom resource's schema gives, in what is there and in what they bring. */
export function setSchemaDefaults(schema: unknown, value: unknown): void {
  if (!isObject(schema)) return;
  if (Array.isArray(value)) {
    for (const item of value) setSchemaDefaults(schema["items"], item);
    return;
  }
  if (!isObject(value)) return;
  const { properties, additionalProperties } = schema;
  const known: JsonObject = isObject(properties) ? properties : {};
  for (const [name, field] of Object.entries(known)) {
    if (!isObject(field)) continue;
    if (value[name] === undefined && "default" in field) value[name] = copyJson(field["default"]);
    setSchemaDefaults(field, value[name]);
  }
  for (const [name, entry] of Object.entries(value)) {
    if (!(name in known)) setSchemaDefaults(additionalProperties, entry);
  }
}
