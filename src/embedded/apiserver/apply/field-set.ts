/**
 * A set of places in an object, as a tree. An element of a path names one step:
 *
 *   f:replicas   a field      k:{"name":"app"}   the item of a list with these keys      v:"x"   a value of a set
 *
 * A node is a member itself, or leads to members, or both: whoever owns a list item owns its place in the
 * list (the node) and some of its fields (nodes below).
 */
export interface FieldSet {
  readonly isMember: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

/** From the root of the object down. */
export type FieldPath = readonly string[];

/** The set without members. */
export const NO_FIELDS: FieldSet = { isMember: false, children: new Map() };

interface Node extends FieldSet {
  isMember: boolean;
  readonly children: Map<string, Node>;
}

/** The set with exactly these members. */
export function fieldSetOf(paths: Iterable<FieldPath>): FieldSet {
  const root: Node = { isMember: false, children: new Map() };
  for (const path of paths) {
    let node = root;
    for (const element of path) {
      let child = node.children.get(element);
      if (child === undefined) {
        child = { isMember: false, children: new Map() };
        node.children.set(element, child);
      }
      node = child;
    }
    node.isMember = true;
  }
  return root;
}

/** All members, each before those below it, in the order in which Kubernetes lists them. */
export function pathsOf(set: FieldSet, below: FieldPath = []): readonly FieldPath[] {
  const own = set.isMember ? [below] : [];
  return [
    ...own,
    ...sortedElements(set).flatMap((element) => pathsOf(at(set, element), [...below, element])),
  ];
}

/** Fields first, then items by key, then values of sets; each by its text. */
export function sortedElements({ children }: FieldSet): readonly string[] {
  return [...children.keys()].sort((left, right) => (left < right ? -1 : 1));
}

/** What the set says about the places below one step. */
export function at({ children }: FieldSet, element: string): FieldSet {
  return children.get(element) ?? NO_FIELDS;
}

/** Whether the set has no member, however deep. */
export function isEmpty({ isMember, children }: FieldSet): boolean {
  return !isMember && [...children.values()].every(isEmpty);
}

/** Members of either. */
export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (isBlank(right)) return left;
  if (isBlank(left)) return right;
  return combine(left, right, (inLeft, inRight) => inLeft || inRight);
}

/** Members of the left one that are not members of the right one. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  if (isBlank(right)) return left;
  return combine(left, right, (inLeft, inRight) => inLeft && !inRight);
}

/** Members of both. */
export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (inLeft, inRight) => inLeft && inRight);
}

/** Most writes change little, so most of what is joined or taken away is nothing. */
function isBlank({ isMember, children }: FieldSet): boolean {
  return !isMember && children.size === 0;
}

/** Whether both have the same members. */
export function equalSets(left: FieldSet, right: FieldSet): boolean {
  return isEmpty(combine(left, right, (inLeft, inRight) => inLeft !== inRight));
}

/** Without the members of the other one and everything below them. */
export function withoutTrees(set: FieldSet, trees: FieldSet): FieldSet {
  if (trees.isMember) return NO_FIELDS;
  if (trees.children.size === 0) return set;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const kept = withoutTrees(child, at(trees, element));
    if (!isEmpty(kept)) children.set(element, kept);
  }
  return { isMember: set.isMember, children };
}

function combine(
  left: FieldSet,
  right: FieldSet,
  keeps: (inLeft: boolean, inRight: boolean) => boolean,
): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const element of new Set([...left.children.keys(), ...right.children.keys()])) {
    const child = combine(at(left, element), at(right, element), keeps);
    if (!isEmpty(child)) children.set(element, child);
  }
  return { isMember: keeps(left.isMember, right.isMember), children };
}
