import type { KubeObject } from "#embedded/api/objects.ts";
import type { JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import { collectFields } from "./collect-fields.ts";
import { compareFields } from "./compare-fields.ts";
import {
  difference,
  type FieldPath,
  type FieldSet,
  fieldSetOf,
  intersection,
  isEmpty,
  pathsOf,
  union,
  withoutTrees,
} from "./field-set.ts";
import { isSameWriter, type Manager, type Writer, withManager } from "./managers.ts";
import { mergeConfig } from "./merge-config.ts";
import { pruneFields } from "./prune-fields.ts";
import type { Topology } from "./topology.ts";
import { unowned } from "./track-update.ts";

/** A configuration that somebody wants to hold, whatever else the object says. */
export interface AppliedConfig {
  readonly topology: Topology;
  /** For a new object: its type and name only. */
  readonly live: KubeObject;
  readonly managers: readonly Manager[];
  readonly config: JsonObject;
  readonly writer: Writer;
  /** Takes the places of others instead of giving up. */
  readonly force: boolean;
  readonly time: string;
}

/** A place that the configuration wants to be different, and who holds it. */
export interface Conflict {
  readonly manager: Manager;
  readonly path: FieldPath;
}

/** What became of a configuration. */
export type ApplyOutcome =
  | { readonly type: "applied"; readonly object: KubeObject; readonly managers: readonly Manager[] }
  | { readonly type: "conflicts"; readonly conflicts: readonly Conflict[] }
  /** The configuration does not fit the type; sentences that begin with a path. */
  | { readonly type: "misfit"; readonly problems: readonly string[] };

/**
 * Server-side apply. What the applier said the last time and does not say any more goes, unless somebody
 * else holds it; what it says now holds; where that changes what somebody else holds, there is a conflict.
 */
export function applyConfig(applied: AppliedConfig): ApplyOutcome {
  const { topology, live, config, writer, force, time } = applied;
  const { fields, problems } = collectFields(topology, config);
  if (problems.length > 0) return { type: "misfit", problems };
  const claimed = withoutTrees(fields, unowned(writer));
  const previous = applied.managers.find((manager) => isSameWriter(manager, writer));
  const others = applied.managers.filter((manager) => manager !== previous);

  const object = mergeConfig(topology, live, config) as KubeObject; // an object is merged into one
  if (previous !== undefined) {
    const kept = [fields, PLACE, ...others.map((other) => other.fields)].reduce(union);
    pruneFields(topology, object, { owned: previous.fields, kept });
  }
  const { added, modified, removed } = compareFields(topology, live, object);
  // What this way of writing cannot change is going to be put back.
  const changed = withoutTrees(union(added, modified), unowned(writer));
  const conflicts = others.flatMap((manager) =>
    pathsOf(intersection(manager.fields, changed)).map((path) => ({ manager, path })),
  );
  if (conflicts.length > 0 && !force) return { type: "conflicts", conflicts };
  const left = others
    .map((manager) => ({ ...manager, fields: difference(manager.fields, union(changed, removed)) }))
    .filter((manager) => !isEmpty(manager.fields));
  const same = equalJson(live, object) ? previous : undefined;
  return {
    type: "applied",
    object,
    managers: withManager(left, { ...writer, time, fields: claimed }, same),
  };
}

/** What says which object it is does not belong to anybody, and is never given up. */
const PLACE: FieldSet = fieldSetOf([
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata", "f:name"],
  ["f:metadata", "f:namespace"],
]);
