import { SYSTEM_PRIORITIES } from "#embedded/apiserver/admission/pod-admission.ts";
import { createObject } from "#embedded/apiserver/registry/create-object.ts";
import type { ResourceCatalog } from "#embedded/apiserver/registry/resource-catalog.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";

const NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];

const PRIORITY_TEXTS: Readonly<Record<string, string>> = {
  "system-cluster-critical":
    "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  "system-node-critical":
    "Used for system critical pods that must not be moved from their current node.",
};

/** Where pods reach the server. */
export interface ServerLocation {
  readonly address: string;
  readonly port: number;
  /** The address of its Service, the first of the range. */
  readonly serviceAddress: string;
  /** The authority that signed its certificate, in PEM. */
  readonly ca: string;
}

const NAME = { name: "kubernetes", namespace: "default" } as const;
const HTTPS_PORT = 443;

/** What every cluster has from its first moment on: namespaces, and the Service of the API itself. */
export function createFirstObjects(
  context: ServerContext,
  catalog: ResourceCatalog,
  { address, port, serviceAddress, ca }: ServerLocation,
): void {
  const create = (group: string, plural: string, object: object) => {
    const definition = catalog.find({ group, version: "v1", plural });
    if (definition === undefined) throw new Error(`the catalog has no ${plural}`);
    createObject(context, definition, { object });
  };
  for (const name of NAMESPACES) create("", "namespaces", { metadata: { name } });
  create("", "services", {
    metadata: { ...NAME, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      clusterIP: serviceAddress,
      ports: [{ name: "https", port: HTTPS_PORT, protocol: "TCP", targetPort: port }],
    },
  });
  create("", "endpoints", {
    metadata: { ...NAME, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: "https", port, protocol: "TCP" }] }],
  });
  create("discovery.k8s.io", "endpointslices", {
    metadata: { ...NAME, labels: { "kubernetes.io/service-name": NAME.name } },
    addressType: "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: "https", port, protocol: "TCP" }],
  });
  for (const [name, value] of Object.entries(SYSTEM_PRIORITIES)) {
    const description = PRIORITY_TEXTS[name];
    create("scheduling.k8s.io", "priorityclasses", { metadata: { name }, value, description });
  }
  create("", "configmaps", {
    metadata: { name: "kube-root-ca.crt", namespace: "kube-system" },
    data: { "ca.crt": ca },
  });
}
