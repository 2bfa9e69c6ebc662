import type { KubernetesObject } from "#domain/workload.ts";

type Labels = Readonly<Record<string, string>>;

/** The fields of any object with a pod template that matter here; the API server checks the others. */
interface Spec {
  readonly replicas?: number;
  readonly selector?: Labels;
  readonly template?: {
    readonly metadata?: { readonly labels?: Labels };
    readonly spec?: {
      readonly containers?: readonly { readonly image?: string }[];
      readonly initContainers?: readonly { readonly image?: string }[];
    };
  };
}

/** How many pods the manifest asks for; Kubernetes' default is one. */
export function replicasOf(workload: KubernetesObject): number {
  return specOf(workload).replicas ?? 1;
}

/** Every image of the containers that the objects' pod templates run. */
export function imagesInUse(objects: readonly KubernetesObject[]): readonly string[] {
  const images = objects.flatMap((object) => {
    const { containers = [], initContainers = [] } = specOf(object).template?.spec ?? {};
    return [...initContainers, ...containers].map(({ image }) => image);
  });
  return [...new Set(images.filter((image) => image !== undefined))];
}

/** Whether the Service sends requests to the workload's pods; one without selector is fed by others. */
export function selects(service: KubernetesObject, workload: KubernetesObject): boolean {
  const labels = specOf(workload).template?.metadata?.labels ?? {};
  return Object.entries(specOf(service).selector ?? {}).every(
    ([name, value]) => labels[name] === value,
  );
}

function specOf(object: KubernetesObject): Spec {
  return (object["spec"] ?? {}) as Spec; // what does not fit is refused by the API server
}
