import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import { type FieldPath, type FieldSet, fieldSetOf } from "./field-set.ts";
import { fieldElement, itemElement, valueElement } from "./fields-v1.ts";
import { fieldTopology, hasFields, type Topology } from "./topology.ts";

/** What is different between two states of an object. */
export interface FieldChanges {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Compares two states of an object place by place. */
export function compareFields(
  topology: Topology,
  before: JsonObject,
  after: JsonObject,
): FieldChanges {
  const changes: Changes = { added: [], modified: [], removed: [] };
  compare(topology, { before, after, path: [] }, changes);
  return {
    added: fieldSetOf(changes.added),
    modified: fieldSetOf(changes.modified),
    removed: fieldSetOf(changes.removed),
  };
}

interface Changes {
  readonly added: FieldPath[];
  readonly modified: FieldPath[];
  readonly removed: FieldPath[];
}

interface Pair {
  readonly before: unknown;
  readonly after: unknown;
  readonly path: FieldPath;
}

function compare(topology: Topology, { before, after, path }: Pair, changes: Changes): void {
  if (before === after) return;
  if (path.length > 0) {
    if (before === undefined) changes.added.push(path);
    if (after === undefined) changes.removed.push(path);
  }
  if (hasFields(topology, before ?? after) && isObjectOrNone(before) && isObjectOrNone(after)) {
    compareEntries(topology, { before, after, path }, changes);
  } else if (topology.type === "items" || topology.type === "values") {
    const { inner, element } = listParts(topology);
    const byElement = (list: unknown) => new Map(listOf(list).map((item) => [element(item), item]));
    comparePairs({ before: byElement(before), after: byElement(after), path }, inner, changes);
  } else if (before !== undefined && after !== undefined && !equalJson(before, after)) {
    changes.modified.push(path);
  }
}

type ListTopology = Topology & { readonly type: "items" | "values" };

/** How the items of a list are told apart, and how each is owned. */
function listParts(topology: ListTopology): {
  readonly inner: Topology;
  readonly element: (item: unknown) => string;
} {
  if (topology.type === "values") return { inner: { type: "whole" }, element: valueElement };
  const { of, keys } = topology;
  // Validation refuses items without a key; the whole item is then as good as any.
  return { inner: of, element: (item) => itemElement(item, keys) ?? valueElement(item) };
}

/**
 * Structures that are part of their owner: they are there, empty, when nobody has given anything of them,
 * so nobody owns that they are there.
 */
const ALWAYS_THERE: Readonly<Record<string, unknown>> = {
  metadata: {},
  spec: {},
  status: {},
  template: {},
  jobTemplate: {},
  strategy: {},
  updateStrategy: {},
  resources: {},
  loadBalancer: {},
  containers: [],
};

function compareEntries(
  topology: Topology,
  {
    before,
    after,
    path,
  }: Pair & { readonly before: JsonObject | undefined; readonly after: JsonObject | undefined },
  changes: Changes,
): void {
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const inner = fieldTopology(topology, name) ?? { type: "whole" };
    const stand =
      inner.type === "whole" || topology.type === "entries" ? undefined : ALWAYS_THERE[name];
    const valueIn = (owner: JsonObject | undefined) =>
      owner === undefined ? undefined : (owner[name] ?? stand);
    const pair = {
      before: valueIn(before),
      after: valueIn(after),
      path: [...path, fieldElement(name)],
    };
    compare(inner, pair, changes);
  }
}

interface Sides {
  readonly before: ReadonlyMap<string, unknown>;
  readonly after: ReadonlyMap<string, unknown>;
  readonly path: FieldPath;
}

function comparePairs({ before, after, path }: Sides, inner: Topology, changes: Changes): void {
  for (const element of new Set([...before.keys(), ...after.keys()])) {
    const pair = {
      before: before.get(element),
      after: after.get(element),
      path: [...path, element],
    };
    compare(inner, pair, changes);
  }
}

function listOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}

function isObjectOrNone(value: unknown): value is JsonObject | undefined {
  return value === undefined || isObject(value);
}
