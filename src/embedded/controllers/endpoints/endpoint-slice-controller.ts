import { isDeepStrictEqual } from "node:util";
import type { EndpointSlice, Node, Pod, Service } from "#embedded/api/objects.ts";
import { ENDPOINT_SLICES, NODES, PODS, SERVICES } from "#embedded/api/resources.ts";
import {
  type Cluster,
  type Controller,
  keyFrom,
  keyOf,
  splitKey,
  watch,
} from "#embedded/controllers/controller.ts";
import { controllerReference } from "#embedded/controllers/meta/ownership.ts";
import { messageOf } from "#embedded/controllers/pods/pod-writes.ts";
import { desiredEndpoints } from "./desired-endpoints.ts";
import { hasOwnEndpoints, ifConcernsEndpoints, selectedPods, servicesOf } from "./selected-pods.ts";
import { planSlices, type SliceContent } from "./slice-plan.ts";
import { TriggerTimes } from "./trigger-times.ts";

const SERVICE_NAME = "kubernetes.io/service-name";
const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const MANAGER = "endpointslice-controller.k8s.io";
const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

/** Tells who stands behind each Service, as soon as a pod's part in it changes. */
export function endpointSliceController(): Controller {
  const triggerTimes = new TriggerTimes();
  return {
    name: "endpoint-slice-controller",
    workers: 5,
    watches: [
      watch<Service>(SERVICES, (service) => [keyOf(service)]),
      watch<Pod>(PODS, servicesOf, ifConcernsEndpoints),
      watch<EndpointSlice>(ENDPOINT_SLICES, serviceOf),
    ],
    reads: [NODES],
    async reconcile(key, cluster) {
      const { namespace, name } = splitKey(key);
      const service = cluster.caches.of<Service>(SERVICES).get(name, namespace);
      if (service === undefined || !hasOwnEndpoints(service)) {
        triggerTimes.forget(key); // its slices go with the Service: the garbage collector takes them
        return undefined;
      }
      if (service.metadata.deletionTimestamp !== undefined) return undefined;
      const pods = selectedPods(service, cluster);
      const triggerTime = triggerTimes.next(key, service, pods);
      try {
        await syncSlices({ service, pods, triggerTime }, cluster);
      } catch (error) {
        const message = `Error updating Endpoint Slices for Service ${namespace}/${name}: ${messageOf(error)}`;
        cluster.record(service, {
          type: "Warning",
          reason: "FailedToUpdateEndpointSlices",
          message,
        });
        throw error;
      }
      return undefined;
    },
  };
}

function serviceOf({ metadata }: EndpointSlice): readonly string[] {
  const name = metadata.labels?.[SERVICE_NAME];
  const ours = metadata.labels?.[MANAGED_BY] === MANAGER;
  return ours && name !== undefined ? [keyFrom(metadata.namespace, name)] : [];
}

interface Selection {
  readonly service: Service;
  readonly pods: readonly Pod[];
  readonly triggerTime: string | undefined;
}

async function syncSlices(
  { service, pods, triggerTime }: Selection,
  { api, caches }: Cluster,
): Promise<void> {
  const { name, namespace = "" } = service.metadata;
  const slices = caches
    .of<EndpointSlice>(ENDPOINT_SLICES)
    .list(namespace)
    .filter((slice) => serviceOf(slice).includes(keyOf(service)))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const nodes = new Map(
    caches
      .of<Node>(NODES)
      .list()
      .map((node) => [node.metadata.name, node]),
  );
  const labels = labelsOf(service);
  const { create, update, remove } = planSlices(slices, desiredEndpoints(service, pods, nodes));
  const relabelled = slices
    .filter((slice) => ![...remove, ...update.map((change) => change.slice)].includes(slice))
    .filter(({ metadata }) => !isDeepStrictEqual(metadata.labels, labels))
    .map((slice) => ({ slice, content: { ports: slice.ports, endpoints: slice.endpoints } }));

  for (const { slice, content } of [...update, ...relabelled]) {
    const annotations = annotate(slice.metadata.annotations, triggerTime);
    const metadata = { ...slice.metadata, labels, annotations };
    await api.update<EndpointSlice>(ENDPOINT_SLICES, { ...slice, metadata, ...content });
  }
  for (const content of create) {
    await api.create<EndpointSlice>(ENDPOINT_SLICES, {
      ...newSlice(content),
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels,
        annotations: annotate(undefined, triggerTime),
        ownerReferences: [controllerReference(service)],
      },
    });
  }
  for (const { metadata } of remove) {
    await api.delete(ENDPOINT_SLICES, metadata.name, { namespace });
  }
}

function newSlice({ endpoints, ports }: SliceContent) {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    addressType: "IPv4" as const,
    endpoints,
    ports,
  };
}

/** The Service's own labels come along, so that slices can be selected like their Service. */
function labelsOf({ metadata, spec }: Service): Record<string, string> {
  return {
    ...metadata.labels,
    [MANAGED_BY]: MANAGER,
    [SERVICE_NAME]: metadata.name,
    ...(spec.clusterIP === "None" ? { "service.kubernetes.io/headless": "" } : {}),
  };
}

function annotate(
  annotations: Readonly<Record<string, string>> | undefined,
  triggerTime: string | undefined,
): Record<string, string> {
  const { [TRIGGER_TIME]: _, ...others } = annotations ?? {};
  return triggerTime === undefined ? others : { ...others, [TRIGGER_TIME]: triggerTime };
}
