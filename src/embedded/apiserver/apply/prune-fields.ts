import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { at, type FieldSet, isEmpty } from "./field-set.ts";
import { fieldElement, itemElement, valueElement } from "./fields-v1.ts";
import { fieldTopology, hasFields, type Topology } from "./topology.ts";

/** Who had what, and what somebody still has. */
export interface Ownership {
  /** What the applier owned before. */
  readonly owned: FieldSet;
  /** What it, or anybody else, owns now. */
  readonly kept: FieldSet;
}

/** Takes out of an object, in place, what its applier has given up and nobody else owns. */
export function pruneFields(topology: Topology, object: JsonObject, ownership: Ownership): void {
  for (const name of Object.keys(object)) {
    const element = fieldElement(name);
    const below = stepInto(ownership, element);
    if (below === undefined) continue;
    // A field that leads to nothing but what was given up goes as a whole, with what the server filled in.
    if (isEmpty(below.kept)) delete object[name];
    else {
      const inner = fieldTopology(topology, name);
      if (inner !== undefined) object[name] = pruneValue(inner, object[name], below);
    }
  }
}

function pruneValue(topology: Topology, value: unknown, ownership: Ownership): unknown {
  if (hasFields(topology, value) && isObject(value)) {
    pruneFields(topology, value, ownership);
    return value;
  }
  if (!Array.isArray(value)) return value;
  switch (topology.type) {
    case "items":
      return value.filter((item) => {
        const element = itemElement(item, topology.keys);
        if (element === undefined) return true;
        const below = stepInto(ownership, element);
        if (below === undefined) return true;
        if (isEmpty(below.kept)) return !below.owned.isMember;
        pruneValue(topology.of, item, below);
        return true;
      });
    case "values":
      return value.filter((one) => {
        const below = stepInto(ownership, valueElement(one));
        return below === undefined || !isEmpty(below.kept);
      });
    default:
      return value;
  }
}

/** Undefined where nothing was owned. */
function stepInto({ owned, kept }: Ownership, element: string): Ownership | undefined {
  const below = owned.children.get(element);
  return below === undefined ? undefined : { owned: below, kept: at(kept, element) };
}
