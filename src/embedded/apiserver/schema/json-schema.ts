import type { JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { METADATA_TEXTS } from "./metadata-texts.ts";
import { REQUIRED_FIELDS } from "./required-fields.ts";
import { type FieldType, findKind, findType, type ObjectType } from "./type-table.ts";

/** A kind whose schema is wanted; only the core and the events group share the name of one. */
export interface DescribedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Types that every group shares have one name in all documents. */
const META = /^(?:ObjectMeta|OwnerReference|ManagedFieldsEntry|LabelSelector\w*|DeleteOptions)$/;

const META_PREFIX = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** What stands where one of the types is wanted that every group shares. */
export function referenceToType(type: string): JsonObject {
  return referenceTo(`${META_PREFIX}.${type}`);
}

/**
 * The kinds of one group and version, and all types that they are made of, as OpenAPI describes them: what
 * `kubectl explain` shows; and `shared` types besides. Kinds that the type table does not have are objects of any form.
 */
export function schemasOf(
  kinds: readonly DescribedKind[],
  shared: readonly string[] = [],
): Readonly<Record<string, JsonObject>> {
  const schemas: Record<string, JsonObject> = {};
  for (const type of shared) new SchemaCollector(schemas, "").include(type);
  for (const kind of kinds) {
    const { group, version } = kind;
    const collected = new SchemaCollector(schemas, `io.k8s.api.${group || "core"}.${version}`);
    const type = findKind(group === "" ? version : `${group}/${version}`, kind.kind);
    const described = type === undefined ? { type: "object" } : collected.describe(type);
    const { properties = {}, ...schema } = described;
    schemas[collected.nameOf(kind.kind)] = {
      ...schema,
      properties: { apiVersion: STRING, kind: STRING, ...(properties as object) },
      "x-kubernetes-group-version-kind": [kind],
    };
  }
  for (const [name, scalar] of Object.entries(NAMED_SCALARS)) schemas[nameOfScalar(name)] = scalar;
  return schemas;
}

const STRING = { type: "string" } as const;

/** Scalars that clients show by a name. */
const NAMED_SCALARS: Readonly<Record<string, JsonObject>> = {
  IntOrString: { oneOf: [{ type: "integer" }, STRING], format: "int-or-string" },
  Quantity: { oneOf: [STRING, { type: "number" }] },
};

const SCALARS: Readonly<Record<string, JsonObject>> = {
  "": STRING,
  int: { type: "integer", format: "int32" },
  float: { type: "number", format: "double" },
  bool: { type: "boolean" },
  bytes: { type: "string", format: "byte" },
  Time: { type: "string", format: "date-time" },
  MicroTime: { type: "string", format: "date-time" },
  ExtraValue: { type: "array", items: STRING },
};

/** Follows references from type to type and describes each of them once. */
class SchemaCollector {
  readonly #schemas: Record<string, JsonObject>;
  readonly #prefix: string;

  constructor(schemas: Record<string, JsonObject>, prefix: string) {
    this.#schemas = schemas;
    this.#prefix = prefix;
  }

  nameOf(type: string): string {
    return META.test(type) ? `${META_PREFIX}.${type}` : `${this.#prefix}.${type}`;
  }

  /** Makes sure that a type is described, even if no kind leads to it. */
  include(type: string): void {
    this.#typeOf(type);
  }

  describe({ name, byName }: ObjectType): JsonObject {
    const texts = name === "ObjectMeta" ? METADATA_TEXTS : {};
    const properties = [...byName.values()].map((field) => {
      const description = texts[field.name];
      const described = description === undefined ? {} : { description };
      return [field.name, { ...described, ...this.#fieldOf(field) }];
    });
    const required = REQUIRED_FIELDS[name];
    return {
      type: "object",
      properties: Object.fromEntries(properties),
      ...(required === undefined ? {} : { required }),
    };
  }

  #fieldOf({ shape, type }: FieldType): JsonObject {
    const value = this.#typeOf(type);
    if (shape === "list") return { type: "array", items: value };
    return shape === "map" ? { type: "object", additionalProperties: value } : value;
  }

  #typeOf(name: string): JsonObject {
    if (name in NAMED_SCALARS) return referenceTo(nameOfScalar(name));
    const type = findType(name);
    if (type === undefined) return SCALARS[name] ?? { type: "object" };
    const full = this.nameOf(name);
    if (!(full in this.#schemas)) {
      this.#schemas[full] = {}; // a type may contain itself
      this.#schemas[full] = this.describe(type);
    }
    return referenceTo(full);
  }
}

function nameOfScalar(name: string): string {
  return `io.k8s.apimachinery.pkg.api.${name}`;
}

/** In `allOf`, since a reference may have no siblings and fields of real documents have a description. */
function referenceTo(name: string): JsonObject {
  return { allOf: [{ $ref: `#/components/schemas/${name}` }] };
}
