import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { type FieldPath, type FieldSet, fieldSetOf } from "./field-set.ts";
import { describePath, fieldElement, itemElement, valueElement } from "./fields-v1.ts";
import { fieldTopology, hasFields, type Topology } from "./topology.ts";

/** What a configuration says something about, and what in it cannot be understood. */
export interface CollectedFields {
  readonly fields: FieldSet;
  /** Sentences that begin with the path. */
  readonly problems: readonly string[];
}

/** Whoever applies this configuration owns each of these places. */
export function collectFields(topology: Topology, config: JsonObject): CollectedFields {
  const found: Found = { paths: [], problems: [] };
  collect(topology, { value: config, path: [] }, found);
  return { fields: fieldSetOf(found.paths), problems: found.problems };
}

interface Found {
  readonly paths: FieldPath[];
  readonly problems: string[];
}

interface Place {
  readonly value: unknown;
  readonly path: FieldPath;
}

function collect(topology: Topology, place: Place, found: Found): void {
  const { value, path } = place;
  if (value === null || value === undefined) return; // the place itself is taken by the one above
  if (hasFields(topology, value)) {
    if (isObject(value)) collectEntries(topology, { value, path }, found);
    else found.problems.push(`${describePath(path)}: expected map, got ${describeType(value)}`);
    return;
  }
  switch (topology.type) {
    case "items":
      collectItems(topology, place, found);
      break;
    case "values":
      collectValues(place, found);
      break;
    default:
      found.paths.push(path);
  }
}

function collectEntries(
  topology: Topology,
  { value: object, path }: Place & { readonly value: JsonObject },
  found: Found,
): void {
  for (const [name, value] of Object.entries(object)) {
    const below = [...path, fieldElement(name)];
    const inner = fieldTopology(topology, name);
    if (inner === undefined) {
      found.problems.push(`${describePath(below)}: field not declared in schema`);
      continue;
    }
    collect(inner, { value, path: below }, found);
    const isBlank = value === null || (isObject(value) && Object.keys(value).length === 0);
    // An entry of a map is there because somebody put it there, whatever is in it.
    if (isBlank || topology.type === "entries") found.paths.push(below);
  }
}

function collectItems(
  { keys, of }: Topology & { readonly type: "items" },
  { value: list, path }: Place,
  found: Found,
): void {
  const seen = new Set<string>();
  for (const [index, item] of asList(list, path, found).entries()) {
    const element = itemElement(item, keys);
    if (element === undefined) {
      const why = `associative list with keys has an element that omits key field "${keys[0]}" (and doesn't have default value)`;
      found.problems.push(`${describePath(path)}: element ${index}: ${why}`);
      continue;
    }
    const below = [...path, element];
    if (seen.has(element)) {
      const keyText = describePath([element]);
      found.problems.push(`${describePath(path)}: duplicate entries for key ${keyText}`);
    }
    seen.add(element);
    collect(of, { value: item, path: below }, found);
    found.paths.push(below);
  }
}

function collectValues({ value: list, path }: Place, found: Found): void {
  for (const value of asList(list, path, found)) found.paths.push([...path, valueElement(value)]);
}

function asList(value: unknown, path: FieldPath, { problems }: Found): readonly unknown[] {
  if (Array.isArray(value)) return value;
  problems.push(`${describePath(path)}: expected list, got ${describeType(value)}`);
  return [];
}

function describeType(value: unknown): string {
  if (Array.isArray(value)) return "list";
  return typeof value === "object" ? "map" : typeof value;
}
