import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import type { ResourceDefinition } from "#embedded/apiserver/registry/resource-definition.ts";

/** Version 2 has no word for fields that nobody knows, so what keeps them is described as any object. */
export interface CustomDescription {
  readonly openApi: "v2" | "v3";
  /** The schema of `metadata`. */
  readonly metadata: JsonObject;
}

/** Custom resources as OpenAPI describes them: by their own definition, and by what all objects have. */
export function customSchemas(
  resources: readonly ResourceDefinition[],
  description: CustomDescription,
): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(
    resources.map((resource) => {
      const { group, version, kind } = resource;
      const name = `${group.split(".").toReversed().join(".")}.${version}.${kind}`;
      const named = { "x-kubernetes-group-version-kind": [{ group, version, kind }] };
      return [name, { ...describe(resource, description), ...named }];
    }),
  );
}

function describe(
  { schema = { type: "object" } }: ResourceDefinition,
  { openApi, metadata }: CustomDescription,
): JsonObject {
  const keepsUnknown = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (keepsUnknown && (openApi === "v2" || schema["properties"] === undefined)) {
    return { type: "object" };
  }
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  return {
    ...schema,
    properties: { ...properties, ...TYPE_FIELDS, metadata: { ...metadata, ...METADATA } },
  };
}

const TYPE_FIELDS = {
  apiVersion: {
    type: "string",
    description: "APIVersion defines in which version of its group this object is written.",
  },
  kind: { type: "string", description: "Kind is the type of the object, in CamelCase." },
};
const METADATA = { description: "Standard object's metadata." };
