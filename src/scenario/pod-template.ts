import type { KubernetesObject } from "#domain/workload.ts";

type Labels = Readonly<Record<string, unknown>>;

interface Container {
  readonly image?: unknown;
}

/**
 * The fields of any object with a pod template that matter here. The API server checks manifests, not we:
 * any of these may be absent, empty or of another type.
 */
interface Spec {
  readonly replicas?: unknown;
  readonly selector?: Labels | null;
  readonly ports?: readonly ({ readonly port?: unknown } | null)[];
  readonly template?: {
    readonly metadata?: { readonly labels?: Labels | null } | null;
    readonly spec?: {
      readonly containers?: readonly (Container | null)[];
      readonly initContainers?: readonly (Container | null)[];
    } | null;
  } | null;
}

/** How many pods the manifest asks for; Kubernetes' default is one. */
export function replicasOf(workload: KubernetesObject): number {
  const { replicas } = specOf(workload);
  return typeof replicas === "number" ? replicas : 1;
}

/** Every image of the containers that the objects' pod templates run. */
export function imagesInUse(objects: readonly KubernetesObject[]): readonly string[] {
  const images = objects.flatMap((object) => {
    const spec = specOf(object).template?.spec;
    return [...list(spec?.initContainers), ...list(spec?.containers)].map((each) => each?.image);
  });
  return [...new Set(images.filter((image) => typeof image === "string"))];
}

/** The port numbers of a Service. */
export function portsOf(service: KubernetesObject): readonly number[] {
  return list(specOf(service).ports)
    .map((each) => each?.port)
    .filter((port) => typeof port === "number");
}

/** Whether the Service sends requests to the workload's pods; one without selector is fed by others. */
export function selects(service: KubernetesObject, workload: KubernetesObject): boolean {
  const labels = specOf(workload).template?.metadata?.labels ?? {};
  return Object.entries(specOf(service).selector ?? {}).every(
    ([name, value]) => labels[name] === value,
  );
}

function specOf(object: KubernetesObject): Spec {
  return (object["spec"] ?? {}) as Spec; // each use stands any type
}

function list<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}
