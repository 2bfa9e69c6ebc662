import type { ResourceDefinition } from "./resource-definition.ts";

/** A part of an object with a path of its own, as discovery describes it. */
export interface SubresourceDescription {
  readonly name: string;
  readonly kind: string;
  /** Where the kind lives when it is not the resource's own group and version. */
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

const READ_WRITE = ["get", "patch", "update"] as const;

const POD_SUBRESOURCES: readonly SubresourceDescription[] = [
  { name: "binding", kind: "Binding", verbs: ["create"] },
  { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
  { name: "exec", kind: "PodExecOptions", verbs: ["create", "get"] },
  { name: "log", kind: "Pod", verbs: ["get"] },
  { name: "portforward", kind: "PodPortForwardOptions", verbs: ["create", "get"] },
];

const TOKEN: SubresourceDescription = {
  name: "token",
  kind: "TokenRequest",
  group: "authentication.k8s.io",
  version: "v1",
  verbs: ["create"],
};

const NODE_PROXY: SubresourceDescription = {
  name: "proxy",
  kind: "NodeProxyOptions",
  verbs: ["get"],
};

/** Everything below an object of this resource that the server answers. */
export function subresourcesOf(definition: ResourceDefinition): readonly SubresourceDescription[] {
  const { kind, collection } = definition;
  const scale = { name: "scale", kind: "Scale", group: "autoscaling", version: "v1" };
  return [
    ...(collection === "/pods" ? POD_SUBRESOURCES : []),
    ...(collection === "/nodes" ? [NODE_PROXY] : []),
    ...(collection === "/serviceaccounts" ? [TOKEN] : []),
    ...(collection === "/namespaces" ? [{ name: "finalize", kind, verbs: ["update"] }] : []),
    ...(definition.hasScale ? [{ ...scale, verbs: READ_WRITE }] : []),
    ...(definition.hasStatus ? [{ name: "status", kind, verbs: READ_WRITE }] : []),
  ];
}
