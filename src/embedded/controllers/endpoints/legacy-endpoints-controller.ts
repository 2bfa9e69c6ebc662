import { isDeepStrictEqual } from "node:util";
import type { KubeObject, Pod, Service } from "#embedded/api/objects.ts";
import { ENDPOINTS, PODS, SERVICES } from "#embedded/api/resources.ts";
import { type Controller, keyOf, splitKey, watch } from "#embedded/controllers/controller.ts";
import { legacySubsets, type Subset } from "./legacy-subsets.ts";
import { hasOwnEndpoints, ifConcernsEndpoints, selectedPods, servicesOf } from "./selected-pods.ts";
import { TriggerTimes } from "./trigger-times.ts";

const MANAGED_BY = { "endpoints.kubernetes.io/managed-by": "endpoint-controller" };
const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

interface Endpoints extends KubeObject {
  readonly subsets?: readonly Subset[];
}

/** Keeps the Endpoints object of each Service for those who do not read slices yet. */
export function legacyEndpointsController(): Controller {
  const triggerTimes = new TriggerTimes();
  return {
    name: "endpoint-controller",
    workers: 5,
    watches: [
      watch<Service>(SERVICES, (service) => [keyOf(service)]),
      watch<Pod>(PODS, servicesOf, ifConcernsEndpoints),
      watch<Endpoints>(ENDPOINTS, (endpoints) => [keyOf(endpoints)]),
    ],
    async reconcile(key, cluster) {
      const { namespace, name } = splitKey(key);
      const { api, caches } = cluster;
      const service = caches.of<Service>(SERVICES).get(name, namespace);
      const known = caches.of<Endpoints>(ENDPOINTS).get(name, namespace);
      if (service === undefined) {
        triggerTimes.forget(key);
        const ours = known?.metadata.labels?.["endpoints.kubernetes.io/managed-by"] !== undefined;
        if (ours) await api.delete(ENDPOINTS, name, { namespace });
        return undefined;
      }
      if (!hasOwnEndpoints(service)) return undefined;
      const pods = selectedPods(service, cluster);
      const triggerTime = triggerTimes.next(key, service, pods);
      const subsets = legacySubsets(service, pods);
      const labels = {
        ...service.metadata.labels,
        ...MANAGED_BY,
        ...(service.spec.clusterIP === "None" ? { "service.kubernetes.io/headless": "" } : {}),
      };
      const annotations: Record<string, string> =
        triggerTime === undefined ? {} : { [TRIGGER_TIME]: triggerTime };
      const content = subsets.length === 0 ? {} : { subsets };
      const head = { apiVersion: "v1", kind: "Endpoints" };
      if (known === undefined) {
        const metadata = { name, namespace, labels, annotations };
        await api.create<Endpoints>(ENDPOINTS, { ...head, metadata, ...content });
      } else if (
        !isDeepStrictEqual(known.subsets ?? [], subsets) ||
        !isDeepStrictEqual(known.metadata.labels, labels)
      ) {
        const metadata = { ...known.metadata, labels, annotations };
        await api.update<Endpoints>(ENDPOINTS, { ...head, metadata, ...content });
      }
      return undefined;
    },
  };
}
