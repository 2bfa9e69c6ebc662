import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import {
  apiVersionOf,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import {
  type FieldType,
  findKind,
  findType,
  type ObjectType,
} from "#embedded/apiserver/schema/type-table.ts";

/**
 * What one owner can own of a value: all of it (`whole`), each field for itself, each entry of a map, each
 * item of a list by its keys, each value of a set. `schema` are the fields of a custom resource that has one;
 * `untyped` is what no type is known of: objects by their entries, everything else as a whole.
 */
export type Topology =
  | { readonly type: "whole" }
  | { readonly type: "untyped" }
  | { readonly type: "fields"; readonly of: ObjectType }
  | { readonly type: "schema"; readonly of: JsonObject; readonly isRoot: boolean }
  | { readonly type: "entries"; readonly of: Topology }
  | { readonly type: "items"; readonly keys: readonly string[]; readonly of: Topology }
  | { readonly type: "values" };

const WHOLE: Topology = { type: "whole" };
const UNTYPED: Topology = { type: "untyped" };

/** Structures whose fields make sense only together. */
const WHOLE_TYPES = new Set([
  "LabelSelector",
  "NodeSelector",
  "NodeSelectorTerm",
  "ObjectReference",
  "LocalObjectReference",
  "TypedLocalObjectReference",
  "SecretReference",
  "ConfigMapKeySelector",
  "SecretKeySelector",
  "FileKeySelector",
  "ObjectFieldSelector",
  "ResourceFieldSelector",
  "TopologySelectorTerm",
  "ScopeSelector",
  "RoleRef",
  "Subject",
  "CrossVersionObjectReference",
  "Raw",
]);

const WHOLE_MAPS = new Set([
  "PodSpec.nodeSelector",
  "ServiceSpec.selector",
  "ReplicationControllerSpec.selector",
]);

/** Lists whose items are known by keys, in the order of the alphabet; by the type of the items. */
const KEYS_BY_ITEM: Readonly<Record<string, readonly string[]>> = {
  Container: ["name"],
  EphemeralContainer: ["name"],
  ContainerPort: ["containerPort", "protocol"],
  EnvVar: ["name"],
  Volume: ["name"],
  VolumeMount: ["mountPath"],
  VolumeDevice: ["devicePath"],
  HostAlias: ["ip"],
  TopologySpreadConstraint: ["topologyKey", "whenUnsatisfiable"],
  PodSchedulingGate: ["name"],
  PodResourceClaim: ["name"],
  PodResourceClaimStatus: ["name"],
  ResourceClaim: ["name"],
  PodIP: ["ip"],
  OwnerReference: ["uid"],
  ServicePort: ["port", "protocol"],
  NodeAddress: ["type"],
  Condition: ["type"],
  PodCondition: ["type"],
  NodeCondition: ["type"],
  NamespaceCondition: ["type"],
  DeploymentCondition: ["type"],
  ReplicaSetCondition: ["type"],
  StatefulSetCondition: ["type"],
  DaemonSetCondition: ["type"],
  ReplicationControllerCondition: ["type"],
  PersistentVolumeClaimCondition: ["type"],
  HorizontalPodAutoscalerCondition: ["type"],
};

/** The same for lists whose items are of a type that is listed elsewhere without keys. */
const KEYS_BY_FIELD: Readonly<Record<string, readonly string[]>> = {
  "PodSpec.imagePullSecrets": ["name"],
  "ServiceAccount.secrets": ["name"],
  "ServiceAccount.imagePullSecrets": ["name"],
};

const SETS = new Set(["ObjectMeta.finalizers", "NodeSpec.podCIDRs"]);

/** How the objects of a resource are owned. */
export function topologyOf(definition: ResourceDefinition): Topology {
  const { kind, isCustom, schema } = definition;
  if (isCustom && schema !== undefined) return { type: "schema", of: schema, isRoot: true };
  const type = isCustom ? undefined : findKind(apiVersionOf(definition), kind);
  return type === undefined ? UNTYPED : { type: "fields", of: type };
}

/** How the value of a field is owned; undefined when the structure has no such field. */
export function fieldTopology(owner: Topology, name: string): Topology | undefined {
  switch (owner.type) {
    case "fields":
      return ownField(owner.of, name);
    case "schema":
      return propertyOf(owner, name);
    case "entries":
      return owner.of;
    case "untyped":
      return name === "metadata" ? metadataTopology() : UNTYPED;
    case "whole":
    case "items":
    case "values":
      return undefined;
  }
}

/** Whether the value is taken apart by its fields or entries. */
export function hasFields({ type }: Topology, value: unknown): boolean {
  const always = type === "fields" || type === "entries" || type === "schema";
  return always || (type === "untyped" && isObject(value));
}

function propertyOf(
  { of: schema, isRoot }: Topology & { readonly type: "schema" },
  name: string,
): Topology | undefined {
  const isObjectField = isRoot || schema["x-kubernetes-embedded-resource"] === true;
  if (isObjectField && name === "metadata") return metadataTopology();
  if (isObjectField && (name === "apiVersion" || name === "kind")) return WHOLE;
  const { properties } = schema;
  const property = isObject(properties) ? properties[name] : undefined;
  if (isObject(property)) return topologyOfSchema(property);
  return schema["x-kubernetes-preserve-unknown-fields"] === true ? UNTYPED : undefined;
}

/** As the schema says in its own words; lists belong to one owner as a whole if it says nothing. */
function topologyOfSchema(schema: JsonObject): Topology {
  const { items, additionalProperties } = schema;
  if (schema["type"] === "array") {
    const keys = schema["x-kubernetes-list-map-keys"];
    const listType = schema["x-kubernetes-list-type"];
    if (listType === "set") return { type: "values" };
    if (listType !== "map" || !Array.isArray(keys) || !isObject(items)) return WHOLE;
    return { type: "items", keys: keys.map(String).toSorted(), of: topologyOfSchema(items) };
  }
  if (schema["type"] !== "object") {
    return schema["x-kubernetes-preserve-unknown-fields"] === true ? UNTYPED : WHOLE;
  }
  if (schema["x-kubernetes-map-type"] === "atomic") return WHOLE;
  if (isObject(additionalProperties)) {
    return { type: "entries", of: topologyOfSchema(additionalProperties) };
  }
  return additionalProperties === true ? UNTYPED : { type: "schema", of: schema, isRoot: false };
}

/** Every write asks for every field of its object, so each is looked up once. */
const known = new Map<FieldType, Topology>();

function ownField(owner: ObjectType, name: string): Topology | undefined {
  const field = owner.byName.get(name);
  if (field === undefined) return name === "apiVersion" || name === "kind" ? WHOLE : undefined;
  const before = known.get(field);
  if (before !== undefined) return before;
  const topology = topologyOfField(owner.name, field);
  known.set(field, topology);
  return topology;
}

function topologyOfField(owner: string, field: FieldType): Topology {
  const place = `${owner}.${field.name}`;
  switch (field.shape) {
    case "map":
      return WHOLE_MAPS.has(place) ? WHOLE : { type: "entries", of: topologyOfType(field.type) };
    case "list": {
      if (SETS.has(place)) return { type: "values" };
      const keys = KEYS_BY_FIELD[place] ?? KEYS_BY_ITEM[field.type];
      if (keys === undefined) return WHOLE;
      const type = findType(field.type);
      return {
        type: "items",
        keys,
        of: type === undefined ? UNTYPED : { type: "fields", of: type },
      };
    }
    case "one":
    case "inline":
      return topologyOfType(field.type);
  }
}

function topologyOfType(name: string): Topology {
  if (WHOLE_TYPES.has(name)) return WHOLE;
  const type = findType(name);
  return type === undefined ? WHOLE : { type: "fields", of: type };
}

function metadataTopology(): Topology {
  return topologyOfType("ObjectMeta");
}
