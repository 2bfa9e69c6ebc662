import type { Endpoint, EndpointSlice, KubeObject, Service } from "#embedded/api/objects.ts";
import { ENDPOINT_SLICES, ENDPOINTS, SERVICES } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyFrom,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import { controllerReference } from "#embedded/controllers/meta/ownership.ts";
import type { EndpointGroup } from "./desired-endpoints.ts";
import type { EndpointPort } from "./endpoint-ports.ts";
import { hasOwnEndpoints } from "./selected-pods.ts";
import { planSlices } from "./slice-plan.ts";

const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const MANAGER = "endpointslicemirroring-controller.k8s.io";
const SERVICE_NAME = "kubernetes.io/service-name";
const SKIP = "endpointslice.kubernetes.io/skip-mirror";

interface Address extends Pick<Endpoint, "hostname" | "nodeName" | "targetRef"> {
  readonly ip: string;
}

interface Endpoints extends KubeObject {
  readonly subsets?: readonly {
    readonly addresses?: readonly Address[];
    readonly notReadyAddresses?: readonly Address[];
    readonly ports?: readonly EndpointPort[];
  }[];
}

/**
 * Where somebody writes Endpoints by hand, for a Service without a selector, slices say the same for those
 * who read nothing else. They go with the Endpoints that own them.
 */
export const sliceMirroringController: Controller = {
  name: "endpoint-slice-mirroring-controller",
  workers: 2,
  watches: [
    watch<Service>(SERVICES, (service) => [keyOf(service)]),
    watch<Endpoints>(ENDPOINTS, (endpoints) => [keyOf(endpoints)]),
    watch<EndpointSlice>(ENDPOINT_SLICES, mirrored),
  ],
  async reconcile(key, cluster) {
    const { namespace, name } = splitKey(key);
    const service = cluster.caches.of<Service>(SERVICES).get(name, namespace);
    const endpoints = cluster.caches.of<Endpoints>(ENDPOINTS).get(name, namespace);
    const isMirrored =
      service !== undefined &&
      endpoints !== undefined &&
      !hasOwnEndpoints(service) &&
      endpoints.metadata.labels?.[SKIP] !== "true" &&
      endpoints.metadata.deletionTimestamp === undefined;
    await mirror(key, isMirrored ? endpoints : undefined, cluster);
    return undefined;
  },
};

function mirrored({ metadata }: EndpointSlice): readonly string[] {
  const name = metadata.labels?.[SERVICE_NAME];
  const ours = metadata.labels?.[MANAGED_BY] === MANAGER;
  return ours && name !== undefined ? [keyFrom(metadata.namespace, name)] : [];
}

async function mirror(
  key: string,
  endpoints: Endpoints | undefined,
  { api, caches }: Cluster,
): Promise<void> {
  const { namespace, name } = splitKey(key);
  const slices = caches
    .of<EndpointSlice>(ENDPOINT_SLICES)
    .list(namespace)
    .filter((slice) => mirrored(slice).includes(key));
  const groups = endpoints === undefined ? [] : groupsOf(endpoints);
  const { create, update, remove } =
    groups.length === 0 ? { create: [], update: [], remove: slices } : planSlices(slices, groups);
  for (const { slice, content } of update) {
    await api.update<EndpointSlice>(ENDPOINT_SLICES, { ...slice, ...content });
  }
  for (const content of endpoints === undefined ? [] : create) {
    await api.create<EndpointSlice>(ENDPOINT_SLICES, {
      ...{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", addressType: "IPv4" },
      ...content,
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels: { ...endpoints?.metadata.labels, [SERVICE_NAME]: name, [MANAGED_BY]: MANAGER },
        ...(endpoints === undefined ? {} : { ownerReferences: [controllerReference(endpoints)] }),
      },
    });
  }
  for (const { metadata } of remove) {
    await api.delete(ENDPOINT_SLICES, metadata.name, { namespace });
  }
}

function groupsOf({ subsets = [] }: Endpoints): readonly EndpointGroup[] {
  return subsets.map(({ addresses = [], notReadyAddresses = [], ports = [] }) => ({
    ports: ports.map((port) => ({ name: "", protocol: "TCP", ...port })),
    endpoints: [
      ...addresses.map((address) => endpointOf(address, true)),
      ...notReadyAddresses.map((address) => endpointOf(address, false)),
    ],
  }));
}

function endpointOf({ ip, ...rest }: Address, ready: boolean): Endpoint {
  return { ...rest, addresses: [ip], conditions: { ready } };
}
