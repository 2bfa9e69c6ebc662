import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { at, type FieldPath, type FieldSet, sortedElements } from "./field-set.ts";

/** The member that a node is itself, where it also has members below. */
const SELF = ".";

/** The set as `fieldsV1` of `managedFields` shows it. */
export function encodeFields(set: FieldSet): JsonObject {
  const fields: JsonObject = set.isMember && set.children.size > 0 ? { [SELF]: {} } : {};
  for (const element of sortedElements(set)) fields[element] = encodeFields(at(set, element));
  return fields;
}

/** The set that a client sent back; undefined when it is none. */
export function decodeFields(fields: unknown): FieldSet | undefined {
  return isObject(fields) ? decodeNode(fields, true) : undefined;
}

function decodeNode(node: JsonObject, isRoot: boolean): FieldSet | undefined {
  const children = new Map<string, FieldSet>();
  for (const [element, below] of Object.entries(node)) {
    if (element === SELF) continue;
    const child =
      isObject(below) && /^[fkvi]:/.test(element) ? decodeNode(below, false) : undefined;
    if (child === undefined) return undefined;
    children.set(element, child);
  }
  return { isMember: SELF in node || (children.size === 0 && !isRoot), children };
}

/** The step into a field. */
export function fieldElement(name: string): string {
  return `f:${name}`;
}

/** The step to the value of a list that is a set. */
export function valueElement(value: unknown): string {
  return `v:${JSON.stringify(value)}`;
}

/** Keys that the API fills in when an item does not give them. */
const KEY_DEFAULTS: Readonly<Record<string, unknown>> = { protocol: "TCP" };

/** The step to an item of a list by its keys; undefined when the item gives none of them. */
export function itemElement(item: unknown, keys: readonly string[]): string | undefined {
  if (!isObject(item)) return undefined;
  const identity = keys
    .map((key) => [key, item[key] ?? KEY_DEFAULTS[key]] as const)
    .filter(([, value]) => value !== undefined && value !== null);
  if (identity.length === 0) return undefined;
  return `k:${JSON.stringify(Object.fromEntries(identity))}`;
}

/** `.spec.containers[name="app"].image`: the path as messages spell it. */
export function describePath(path: FieldPath): string {
  return path.map(describeElement).join("");
}

function describeElement(element: string): string {
  const text = element.slice(2);
  if (element.startsWith("f:")) return `.${text}`;
  if (element.startsWith("v:")) return `[=${text}]`;
  const keys = Object.entries(JSON.parse(text) as Record<string, unknown>); // written by itemElement
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`;
}
