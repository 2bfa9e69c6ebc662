import type { Pod, Service } from "#embedded/api/objects.ts";
import { PODS, SERVICES } from "#embedded/api/resources.ts";
import { type Cluster, keyOf } from "#embedded/controllers/controller.ts";
import { matchesLabels } from "#embedded/controllers/meta/label-selector.ts";

/** Somebody else takes care of the endpoints of a Service without a selector. */
export function hasOwnEndpoints({ spec }: Service): boolean {
  return spec.selector !== undefined && spec.type !== "ExternalName";
}

/** The pods that a Service selects, whatever their state. */
export function selectedPods({ metadata, spec }: Service, { caches }: Cluster): readonly Pod[] {
  return caches
    .of<Pod>(PODS)
    .list(metadata.namespace)
    .filter((pod) => matchesLabels(spec.selector ?? {}, pod.metadata.labels));
}

/** The keys of the Services that select a pod. */
export function servicesOf({ metadata }: Pod, { caches }: Cluster): readonly string[] {
  return caches
    .of<Service>(SERVICES)
    .list(metadata.namespace)
    .filter(
      (service) =>
        hasOwnEndpoints(service) && matchesLabels(service.spec.selector ?? {}, metadata.labels),
    )
    .map(keyOf);
}
