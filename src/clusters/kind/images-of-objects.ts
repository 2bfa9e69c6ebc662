import type { KubernetesObject } from "#domain/workload.ts";

/** An image where a container uses it. */
export interface UsedImage {
  readonly image: string;
  readonly container: string;
  /** `Deployment shop`. */
  readonly object: string;
  /** The node asks a registry each time, also when it has the image. */
  readonly pulls: boolean;
}

interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
}

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly imagePullPolicy?: string;
}

/** Every use of an image in the pods that these objects describe. */
export function imagesOfObjects(objects: readonly KubernetesObject[]): readonly UsedImage[] {
  return objects.flatMap((object) => {
    const { containers = [], initContainers = [] } = podSpecOf(object);
    return [...initContainers, ...containers].flatMap(({ name, image, imagePullPolicy }) =>
      image === undefined
        ? []
        : [
            {
              image,
              container: name,
              object: `${object.kind} ${object.metadata.name}`,
              pulls: (imagePullPolicy ?? defaultPolicy(image)) === "Always",
            },
          ],
    );
  });
}

function podSpecOf(object: KubernetesObject): PodSpec {
  // Manifests were checked by the API's own rules no sooner than when they are applied; what is not there
  // has no images.
  const spec = object["spec"] as
    | (PodSpec & {
        readonly template?: { readonly spec?: PodSpec };
        readonly jobTemplate?: {
          readonly spec?: { readonly template?: { readonly spec?: PodSpec } };
        };
      })
    | undefined;
  if (object.kind === "Pod") return spec ?? {};
  return spec?.jobTemplate?.spec?.template?.spec ?? spec?.template?.spec ?? {};
}

/** Kubernetes' own rule: `latest` is asked for anew each time, any other tag or digest is not. */
function defaultPolicy(image: string): "Always" | "IfNotPresent" {
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}
