import type { KubeObject, ObjectMeta, PodSpec, PodTemplate } from "#embedded/api/objects.ts";
import { controllerReference } from "#embedded/controllers/meta/ownership.ts";

/** A pod as its controller makes it: the server has not completed it yet. */
export type NewPod = {
  readonly apiVersion: "v1";
  readonly kind: "Pod";
  readonly metadata: Partial<ObjectMeta>;
  readonly spec: PodSpec;
};

/** A pod of its controller. The server completes the name `<owner>-` with five random characters. */
export function podFromTemplate(template: PodTemplate, owner: KubeObject): NewPod {
  const { labels, annotations } = template.metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: `${owner.metadata.name}-`,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      ...(labels === undefined ? {} : { labels: { ...labels } }),
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: structuredClone(template.spec),
  };
}
