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
  { name: "attach", kind: "PodAttachOptions", verbs: ["create", "get"] },
  { name: "binding", kind: "Binding", verbs: ["create"] },
  { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
  { name: "exec", kind: "PodExecOptions", verbs: ["create", "get"] },
  { name: "log", kind: "Pod", verbs: ["get"] },
  { name: "portforward", kind: "PodPortForwardOptions", verbs: ["create", "get"] },
];

/** By collection: the kind of its proxy. */
const PROXIES: Readonly<Record<string, string>> = {
  "/nodes": "NodeProxyOptions",
  "/pods": "PodProxyOptions",
  "/services": "ServiceProxyOptions",
};
const PROXY_VERBS = ["create", "delete", "get", "patch", "update"] as const;

const TOKEN: SubresourceDescription = {
  name: "token",
  kind: "TokenRequest",
  group: "authentication.k8s.io",
  version: "v1",
  verbs: ["create"],
};

/** Everything below an object of this resource that the server answers. */
export function subresourcesOf(definition: ResourceDefinition): readonly SubresourceDescription[] {
  const { kind, collection } = definition;
  const proxy = PROXIES[collection];
  const scale = { name: "scale", kind: "Scale", group: "autoscaling", version: "v1" };
  const parts = Object.keys(definition.rules.parts ?? {});
  return [
    ...parts.map((name) => ({ name, kind, verbs: READ_WRITE })),
    ...(collection === "/pods" ? POD_SUBRESOURCES : []),
    ...(proxy === undefined ? [] : [{ name: "proxy", kind: proxy, verbs: PROXY_VERBS }]),
    ...(collection === "/serviceaccounts" ? [TOKEN] : []),
    ...(collection === "/namespaces" ? [{ name: "finalize", kind, verbs: ["update"] }] : []),
    ...(definition.hasScale ? [{ ...scale, verbs: READ_WRITE }] : []),
    ...(definition.hasApproval ? [{ name: "approval", kind, verbs: READ_WRITE }] : []),
    ...(definition.hasStatus ? [{ name: "status", kind, verbs: READ_WRITE }] : []),
  ];
}
