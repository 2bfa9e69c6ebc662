import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";
import { type FieldType, findType, type ObjectType } from "./type-table.ts";

/** A document reduced to the fields its type has, and the paths of those it does not. */
export interface Conformance {
  readonly document: JsonObject;
  readonly unknownFields: readonly string[];
}

/** Reads a document as an object of a type; throws a 400 for a value that the field cannot hold. */
export function conform(type: ObjectType, document: JsonObject): Conformance {
  const unknownFields: string[] = [];
  return { document: conformObject({ type, path: "" }, document, unknownFields), unknownFields };
}

interface Place {
  readonly type: ObjectType;
  readonly path: string;
}

function conformObject(
  { type, path }: Place,
  document: JsonObject,
  unknownFields: string[],
): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(document)) {
    const field = type.byName.get(name) ?? typeFieldOf(type, name);
    const at = path === "" ? name : `${path}.${name}`;
    if (field === undefined) unknownFields.push(at);
    // A null says "not given", except where the API itself writes one.
    else if (value !== null || field.type === "Time") {
      result[name] = conformField({ owner: type.name, field, at }, value, unknownFields);
    }
  }
  return result;
}

const TYPE_FIELD = { number: 0, shape: "one", type: "" } as const;

/** Whole objects say what they are, also inside another one, as a StatefulSet's claim templates do. */
function typeFieldOf({ name: owner, byName }: ObjectType, name: string): FieldType | undefined {
  if (name !== "apiVersion" && name !== "kind") return undefined;
  const isPart = owner.endsWith("TemplateSpec") || owner.endsWith("ClaimTemplate");
  return byName.has("metadata") && !isPart ? { ...TYPE_FIELD, name } : undefined;
}

interface FieldPlace {
  readonly owner: string;
  readonly field: FieldType;
  readonly at: string;
}

function conformField(place: FieldPlace, value: unknown, unknownFields: string[]): unknown {
  const { field, at } = place;
  if (field.shape === "list") {
    if (!Array.isArray(value)) throw mismatch(place, value, `[]${goType(field.type)}`);
    return value.map((item, index) =>
      conformValue({ ...place, at: `${at}[${index}]` }, item, unknownFields),
    );
  }
  if (field.shape === "map") {
    if (!isObject(value)) throw mismatch(place, value, `map[string]${goType(field.type)}`);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, entry]) => entry !== null)
        .map(([key, entry]) => [
          key,
          conformValue({ ...place, at: `${at}.${key}` }, entry, unknownFields),
        ]),
    );
  }
  return conformValue(place, value, unknownFields);
}

function conformValue(place: FieldPlace, value: unknown, unknownFields: string[]): unknown {
  const { type: name } = place.field;
  const type = findType(name);
  if (type !== undefined) {
    if (!isObject(value)) throw mismatch(place, value, goType(name));
    return conformObject({ type, path: place.at }, value, unknownFields);
  }
  if (!holds(name, value)) throw mismatch(place, value, goType(name));
  return name === "Quantity" ? String(value) : value;
}

function holds(scalar: string, value: unknown): boolean {
  switch (scalar) {
    case "":
    case "bytes":
      return typeof value === "string";
    case "int":
      return Number.isInteger(value);
    case "float":
      return typeof value === "number";
    case "bool":
      return typeof value === "boolean";
    case "Quantity":
    case "IntOrString":
      return typeof value === "string" || typeof value === "number";
    case "Time":
    case "MicroTime":
      return value === null || typeof value === "string";
    case "ExtraValue":
      return Array.isArray(value);
    default:
      return true;
  }
}

const GO_TYPES: Readonly<Record<string, string>> = {
  "": "string",
  int: "int32",
  float: "float64",
  bytes: "[]uint8",
  Time: "v1.Time",
  Quantity: "resource.Quantity",
  IntOrString: "intstr.IntOrString",
};

function goType(name: string): string {
  return GO_TYPES[name] ?? (findType(name) === undefined ? name : `v1.${name}`);
}

function mismatch({ owner, at }: FieldPlace, value: unknown, wanted: string) {
  const path = at.replaceAll(/\[\d+\]/g, "");
  const given = Array.isArray(value) ? "array" : GIVEN[typeof value];
  return badRequest(
    `json: cannot unmarshal ${given} into Go struct field ${owner}.${path} of type ${wanted}`,
  );
}

const GIVEN: Readonly<Record<string, string>> = {
  string: "string",
  number: "number",
  boolean: "bool",
  object: "object",
};
