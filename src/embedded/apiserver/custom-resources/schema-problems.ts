import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import { objectsIn } from "#embedded/apiserver/json/fill-in.ts";
import {
  invalid,
  notSupported,
  type Problem,
  required,
} from "#embedded/apiserver/validation/problem.ts";

/**
 * What a custom object has that its schema does not allow: types, required fields, enumerations, bounds and
 * patterns, and what is combined of these. Rules in CEL are not looked at.
 */
export function schemaProblems(schema: JsonObject, object: unknown): readonly Problem[] {
  return problemsOf(schema, object, "");
}

function problemsOf(schema: JsonObject, value: unknown, path: string): readonly Problem[] {
  if (value === null && schema["nullable"] === true) return [];
  const type = typeProblem(schema, value, path);
  if (type !== undefined) return [type];
  return [
    ...limitProblems(schema, value, path),
    ...combinedProblems(schema, value, path),
    ...childProblems(schema, value, path),
  ];
}

/** `allOf`, `anyOf`, `oneOf` and `not`: Kubernetes names the combination, not what each part lacks. */
function combinedProblems(schema: JsonObject, value: unknown, path: string): readonly Problem[] {
  const fits = (part: JsonObject) => problemsOf(part, value, path).length === 0;
  const fitting = (keyword: string) => objectsIn(schema, keyword).filter(fits).length;
  const parts = (keyword: string) => objectsIn(schema, keyword).length;
  const { not } = schema;
  const broken = [
    fitting("allOf") < parts("allOf") ? "validate all the schemas (allOf)" : "",
    parts("anyOf") > 0 && fitting("anyOf") === 0 ? "validate at least one schema (anyOf)" : "",
    parts("oneOf") > 0 && fitting("oneOf") !== 1 ? "validate one and only one schema (oneOf)" : "",
    isObject(not) && fits(not) ? "not validate the schema (not)" : "",
  ];
  return broken
    .filter((rule) => rule !== "")
    .map((rule) => invalid(path === "" ? "<nil>" : path, "", `"${path}" must ${rule}`));
}

function typeProblem(schema: JsonObject, value: unknown, path: string): Problem | undefined {
  const { type } = schema;
  if (typeof type !== "string") return undefined;
  const given = typeOf(value);
  if (type === given || (type === "number" && given === "integer")) return undefined;
  const field = path === "" ? "<nil>" : path;
  return invalid(field, given, `${path} in body must be of type ${type}: ${JSON.stringify(given)}`);
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function limitProblems(schema: JsonObject, value: unknown, path: string): readonly Problem[] {
  const problems: Problem[] = [];
  const { pattern } = schema;
  const allowed = schema["enum"];
  if (Array.isArray(allowed) && !allowed.some((one) => equalJson(one, value))) {
    problems.push(notSupported(path, value, allowed.map(String)));
  }
  for (const [keyword, { measure, isKept, words }] of Object.entries(BOUNDS)) {
    const bound = schema[keyword];
    const measured = measure(value);
    if (typeof bound !== "number" || measured === undefined || isKept(measured, bound)) continue;
    problems.push(invalid(path, value, `${path} in body should ${words(bound)}`));
  }
  if (typeof pattern === "string" && typeof value === "string" && !matches(pattern, value)) {
    problems.push(invalid(path, value, `${path} in body should match '${pattern}'`));
  }
  return problems;
}

interface Bound {
  readonly measure: (value: unknown) => number | undefined;
  readonly isKept: (measured: number, bound: number) => boolean;
  readonly words: (bound: number) => string;
}

const number = (value: unknown) => (typeof value === "number" ? value : undefined);
const characters = (value: unknown) => (typeof value === "string" ? [...value].length : undefined);
const items = (value: unknown) => (Array.isArray(value) ? value.length : undefined);
const atLeast = (measured: number, bound: number) => measured >= bound;
const atMost = (measured: number, bound: number) => measured <= bound;

const BOUNDS: Readonly<Record<string, Bound>> = {
  minimum: {
    measure: number,
    isKept: atLeast,
    words: (bound) => `be greater than or equal to ${bound}`,
  },
  maximum: {
    measure: number,
    isKept: atMost,
    words: (bound) => `be less than or equal to ${bound}`,
  },
  minLength: {
    measure: characters,
    isKept: atLeast,
    words: (bound) => `be at least ${bound} chars long`,
  },
  maxLength: {
    measure: characters,
    isKept: atMost,
    words: (bound) => `be at most ${bound} chars long`,
  },
  minItems: { measure: items, isKept: atLeast, words: (bound) => `have at least ${bound} items` },
  maxItems: { measure: items, isKept: atMost, words: (bound) => `have at most ${bound} items` },
};

/** Definitions are written for Go's expressions; one that JavaScript cannot read forbids nothing. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

function childProblems(schema: JsonObject, value: unknown, path: string): readonly Problem[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!isObject(items)) return [];
    return value.flatMap((item, index) => problemsOf(items, item, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  const { properties, additionalProperties } = schema;
  const known: JsonObject = isObject(properties) ? properties : {};
  const wanted = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
  const below = (name: string) => (path === "" ? name : `${path}.${name}`);
  return [
    ...wanted.filter((name) => value[name] === undefined).map((name) => required(below(name))),
    ...Object.entries(value).flatMap(([name, field]) => {
      const fieldSchema = known[name] ?? additionalProperties;
      // Metadata is checked as that of any other object.
      if (!isObject(fieldSchema) || (path === "" && name === "metadata")) return [];
      return problemsOf(fieldSchema, field, below(name));
    }),
  ];
}
