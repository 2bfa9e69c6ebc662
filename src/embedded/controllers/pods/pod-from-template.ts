import type { NewObject } from "#embedded/api/client.ts";
import type { KubeObject, Pod, PodTemplate } from "#embedded/api/objects.ts";
import { controllerReference } from "#embedded/controllers/meta/ownership.ts";

/** A pod of its controller. The server completes the name `<owner>-` with five random characters. */
export function podFromTemplate(template: PodTemplate, owner: KubeObject): NewObject<Pod> {
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
