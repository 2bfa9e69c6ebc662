import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

/** A part of a manifest that is being patched, and what could not be done, one sentence each. */
export interface Merging {
  readonly document: Document;
  readonly complaints: string[];
}

/**
 * Merges a strategic merge patch into a mapping of a document, as the API server would merge it into the
 * object: mappings key by key, lists of named things by name, `null` takes a key away, everything else is
 * replaced. What the patch does not name stays as it is, comments included.
 */
export function mergePatch(target: YAMLMap, patch: YAMLMap, merging: Merging): void {
  for (const pair of patch.items) {
    const name = textOf(pair.key);
    const { value } = pair;
    const existing = ownNode(target, name, merging);
    if (isNull(value)) {
      target.delete(name);
    } else if (isMap(value) && isMap(existing)) {
      mergePatch(existing, value, merging);
    } else if (isNamedList(value)) {
      mergeNamed(existing, value, { ...merging, list: name });
    } else if (isScalar(value) && isScalar(existing)) {
      existing.value = value.value;
      existing.type = value.type ?? "PLAIN"; // the quotes of the old value would make a text of a number
    } else if (target.has(name)) {
      target.set(name, withoutNulls(value));
    } else if (target.has("<<") && isMap(value)) {
      merging.complaints.push(`${name} may come through a merge key (<<); change it by hand.`);
    } else {
      target.items.push(newPair(pair));
    }
  }
}

/** What the manifest does not have was put in by somebody else, and cannot be made of a few settings. */
function mergeNamed(
  existing: unknown,
  patch: YAMLSeq,
  { list, ...merging }: Merging & { readonly list: string },
): void {
  const target = isSeq(existing) ? existing : undefined;
  for (const change of patch.items) {
    if (!isMap(change)) continue;
    const name = nameOf(change);
    const item = target === undefined ? undefined : ownItem(target, name, merging);
    if (item === undefined) merging.complaints.push(`The manifest has no ${name} in its ${list}.`);
    else mergePatch(item, change, merging);
  }
}

/** The node of a key. An alias is replaced by a copy, so that the other places of its anchor stay as they are. */
function ownNode(target: YAMLMap, name: string, { document }: Merging): unknown {
  const node = target.get(name, true);
  if (!isAlias(node)) return node;
  const copy = copyOf(node.resolve(document));
  target.set(name, copy);
  return copy;
}

function ownItem(target: YAMLSeq, name: string, { document }: Merging): YAMLMap | undefined {
  for (const [index, item] of target.items.entries()) {
    const node = isAlias(item) ? item.resolve(document) : item;
    if (!isMap(node) || nameOf(node) !== name) continue;
    if (!isAlias(item)) return node;
    const copy = copyOf(node);
    target.items[index] = copy;
    return isMap(copy) ? copy : undefined;
  }
  return undefined;
}

function copyOf(source: Node | undefined): unknown {
  const copy = source?.clone();
  if (isMap(copy) || isSeq(copy) || isScalar(copy)) delete copy.anchor;
  return copy;
}

function newPair(pair: Pair): Pair {
  const copy = pair.clone();
  withoutNulls(copy.value);
  return copy;
}

/** In a part that is new there is nothing to take away. */
function withoutNulls(node: unknown): unknown {
  if (isMap(node)) {
    node.items = node.items.filter(({ value }) => !isNull(value));
    for (const { value } of node.items) withoutNulls(value);
  }
  return node;
}

function isNamedList(node: unknown): node is YAMLSeq {
  return isSeq(node) && node.items.some((item) => isMap(item) && item.has("name"));
}

function isNull(node: unknown): boolean {
  return isScalar(node) && node.type === "PLAIN" && (node.value === "null" || node.value === null);
}

function nameOf(item: YAMLMap): string {
  return textOf(item.get("name", true));
}

function textOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : "";
}
