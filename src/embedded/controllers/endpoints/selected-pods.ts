import { isDeepStrictEqual } from "node:util";
import type { KubeObject, Pod, Service } from "#embedded/api/objects.ts";
import { PODS, SERVICES } from "#embedded/api/resources.ts";
import { type Cluster, keyOf } from "#embedded/controllers/controller.ts";
import type { Change } from "#embedded/controllers/machinery/informer.ts";
import { matchesLabels } from "#embedded/controllers/meta/label-selector.ts";
import { isReady } from "#embedded/controllers/pods/pod-state.ts";

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

/**
 * Kubernetes looks at a pod's endpoints when its labels, its readiness, its addresses or its deletion have
 * changed, and with every change of a pod that is being deleted. That a pod has ended by itself is none of
 * these: its endpoint stays, not ready, until something else happens.
 */
export function ifConcernsEndpoints({ object, previous }: Change<KubeObject>): 0 | undefined {
  const [pod, before] = [object as Pod, previous as Pod | undefined];
  // What we wrote ourselves is known already: what it changed cannot be told any more.
  if (before === undefined || isSameVersion(pod, before)) return 0;
  const aspects = (one: Pod) => [
    ...[one.metadata.labels, one.spec["hostname"], one.spec["subdomain"]],
    ...[isReady(one), one.status.podIPs],
  ];
  const isLeaving = [pod, before].some(({ metadata }) => metadata.deletionTimestamp !== undefined);
  return isLeaving || !isDeepStrictEqual(aspects(pod), aspects(before)) ? 0 : undefined;
}

function isSameVersion({ metadata }: Pod, before: Pod): boolean {
  return metadata.resourceVersion === before.metadata.resourceVersion;
}
