import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject } from "#embedded/apiserver/json/copy-json.ts";
import {
  define,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import type { SelectableFields } from "#embedded/apiserver/selectors/field-selector.ts";

/** What `kubectl describe` and `kubectl events --for` select on. */
export const EVENT_FIELDS = [
  "involvedObject.kind",
  "involvedObject.namespace",
  "involvedObject.name",
  "involvedObject.uid",
  "involvedObject.apiVersion",
  "involvedObject.resourceVersion",
  "involvedObject.fieldPath",
  "reason",
  "reportingComponent",
  // What the other group calls it.
  "reportingController",
  "source",
  "type",
];

/** The selectable fields of an event as stored. */
export function eventFieldsOf(event: KubeObject): SelectableFields {
  const involved = isObject(event["involvedObject"]) ? event["involvedObject"] : {};
  const source = isObject(event["source"]) ? event["source"] : {};
  const component = String(source["component"] ?? "");
  const reporting = String(event["reportingComponent"] ?? "");
  const involvedFields = EVENT_FIELDS.filter((field) => field.startsWith("involvedObject."));
  return {
    ...Object.fromEntries(
      involvedFields.map((field) => [field, String(involved[field.split(".")[1] ?? ""] ?? "")]),
    ),
    reason: String(event["reason"] ?? ""),
    reportingComponent: reporting,
    reportingController: reporting,
    source: component === "" ? reporting : component,
    type: String(event["type"] ?? ""),
  };
}

/** Field by field, what the events.k8s.io group calls by another name. */
const RENAMED = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["reportingComponent", "reportingController"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
] as const;

/** `events.k8s.io/v1` shows the same stored events as `v1`. */
export const EVENTS_V1: ResourceDefinition = define(
  {
    group: "events.k8s.io",
    version: "v1",
    plural: "events",
    kind: "Event",
    namespaced: true,
  },
  {
    shortNames: ["ev"],
    collection: "/events",
    rules: { selectableFields: EVENT_FIELDS, fieldsOf: eventFieldsOf },
    conversion: {
      fromStored: (event) => ({ ...renamed(event, 0, 1), apiVersion: "events.k8s.io/v1" }),
      toStored: (event) => ({ ...renamed(event, 1, 0), apiVersion: "v1" }),
    },
  },
);

function renamed(event: KubeObject, from: 0 | 1, to: 0 | 1): KubeObject {
  const result = { ...event };
  for (const names of RENAMED) {
    const value = result[names[from]];
    delete result[names[from]];
    if (value !== undefined) result[names[to]] = value;
  }
  return result;
}
