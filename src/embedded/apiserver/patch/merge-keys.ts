/** How a strategic merge treats one list: by a key of its items, as a set of scalars, or as a whole. */
export type ListStrategy =
  | { readonly type: "by-key"; readonly key: string }
  | { readonly type: "set" }
  | { readonly type: "atomic" };

/** Field names from the root of the object down to the list; items of a list leave no trace in it. */
export type FieldPath = readonly string[];

const ATOMIC: ListStrategy = { type: "atomic" };

/** Lists that merge alike wherever they occur. */
const KEY_BY_FIELD: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  ephemeralContainers: "name",
  volumes: "name",
  imagePullSecrets: "name",
  schedulingGates: "name",
  resourceClaims: "name",
  env: "name",
  hostAliases: "ip",
  topologySpreadConstraints: "topologyKey",
  volumeMounts: "mountPath",
  volumeDevices: "devicePath",
  conditions: "type",
  ownerReferences: "uid",
  podIPs: "ip",
};

/** Lists whose treatment depends on what they belong to. */
const KEY_BY_PLACE: Readonly<Record<string, string>> = {
  "Service spec.ports": "port",
  "Node status.addresses": "type",
  "ServiceAccount secrets": "name",
};

const CONTAINER_LISTS = new Set(["containers", "initContainers", "ephemeralContainers"]);

/** What the API's types say about the list at `path` of an object of this kind. */
export function listStrategy(kind: string, path: FieldPath): ListStrategy {
  const field = path.at(-1) ?? "";
  const place = path.join(".");
  if (place === "metadata.finalizers" || `${kind} ${place}` === "Node spec.podCIDRs") {
    return { type: "set" };
  }
  if (field === "ports" && CONTAINER_LISTS.has(path.at(-2) ?? "")) {
    return { type: "by-key", key: "containerPort" };
  }
  const key = KEY_BY_PLACE[`${kind} ${place}`] ?? KEY_BY_FIELD[field];
  return key === undefined ? ATOMIC : { type: "by-key", key };
}
