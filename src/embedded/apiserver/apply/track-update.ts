import type { KubeObject } from "#embedded/api/objects.ts";
import { compareFields } from "./compare-fields.ts";
import {
  difference,
  type FieldSet,
  fieldSetOf,
  isEmpty,
  union,
  withoutTrees,
} from "./field-set.ts";
import { fieldElement } from "./fields-v1.ts";
import { capUpdaters, isSameWriter, type Manager, type Writer, withManager } from "./managers.ts";
import type { Topology } from "./topology.ts";

/** A write that is not an apply: whoever changed a place owns it from now on, and nobody else does. */
export interface TrackedUpdate {
  readonly topology: Topology;
  /** Absent for a new object. */
  readonly before?: KubeObject;
  readonly after: KubeObject;
  readonly managers: readonly Manager[];
  readonly writer: Writer;
  readonly time: string;
}

/** Who owns what after the write. */
export function trackUpdate(update: TrackedUpdate): readonly Manager[] {
  const { topology, before, after, managers, writer, time } = update;
  const blank = { apiVersion: after.apiVersion, kind: after.kind, metadata: {} };
  const { added, modified, removed } = compareFields(topology, before ?? blank, after);
  const taken = withoutTrees(union(added, modified), unowned(writer));
  const gone = union(taken, removed);
  const others = managers
    .filter((manager) => !isSameWriter(manager, writer))
    .map((manager) => ({ ...manager, fields: difference(manager.fields, gone) }))
    .filter(({ fields }) => !isEmpty(fields));
  const previous = managers.find((manager) => isSameWriter(manager, writer));
  const kept = previous === undefined ? taken : union(difference(previous.fields, removed), taken);
  return capUpdaters(withManager(others, { ...writer, time, fields: kept }, previous));
}

const SERVER_METADATA = [
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "generation",
  "managedFields",
  "resourceVersion",
];

const SERVER_FIELDS = [
  [fieldElement("apiVersion")],
  [fieldElement("kind")],
  ...SERVER_METADATA.map((name) => [fieldElement("metadata"), fieldElement(name)]),
];

const UNOWNED = fieldSetOf([...SERVER_FIELDS, [fieldElement("status")]]);
const UNOWNED_IN_STATUS = fieldSetOf([...SERVER_FIELDS, [fieldElement("spec")]]);

/** What only the server writes, and what this way of writing cannot change. */
export function unowned({ subresource }: Pick<Writer, "subresource">): FieldSet {
  return subresource === "status" ? UNOWNED_IN_STATUS : UNOWNED;
}
