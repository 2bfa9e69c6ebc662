import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import type { Conformance } from "./conform.ts";

/** What a whole object has besides what its schema says. */
const OBJECT_FIELDS = ["apiVersion", "kind", "metadata"];

/** Drops the fields of a custom resource that its schema does not have, and tells which those were. */
export function pruneBySchema(schema: JsonObject, document: JsonObject): Conformance {
  const unknownFields: string[] = [];
  const whole = { ...schema, "x-kubernetes-embedded-resource": true };
  const pruned = prune(whole, document, { path: "", unknownFields });
  return { document: pruned as JsonObject, unknownFields };
}

interface Place {
  readonly path: string;
  readonly unknownFields: string[];
}

function prune(schema: JsonObject, value: unknown, { path, unknownFields }: Place): unknown {
  const at = (path: string) => ({ path, unknownFields });
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!isObject(items)) return value;
    return value.map((item, index) => prune(items, item, at(`${path}[${index}]`)));
  }
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [name, field] of Object.entries(value)) {
    const below = path === "" ? name : `${path}.${name}`;
    const known = schemaOfField(schema, name);
    if (known === "unknown") unknownFields.push(below);
    else kept[name] = known === "anything" ? field : prune(known, field, at(below));
  }
  return kept;
}

function schemaOfField(schema: JsonObject, name: string): JsonObject | "anything" | "unknown" {
  if (schema["x-kubernetes-embedded-resource"] === true && OBJECT_FIELDS.includes(name)) {
    return "anything";
  }
  const { properties, additionalProperties } = schema;
  const known = isObject(properties) ? properties[name] : undefined;
  if (isObject(known)) return known;
  if (isObject(additionalProperties)) return additionalProperties;
  const isOpen =
    additionalProperties === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
  return isOpen ? "anything" : "unknown";
}
