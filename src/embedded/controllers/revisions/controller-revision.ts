import type { KubeObject, PodTemplate } from "#embedded/api/objects.ts";

/** One version of a pod template, kept so that kubectl can show it and roll back to it. */
export interface ControllerRevision extends KubeObject {
  data: RevisionData;
  revision: number;
}

/** A strategic merge patch of the workload: that is what kubectl applies when it rolls back. */
export interface RevisionData {
  readonly spec: { readonly template: PodTemplate & { readonly $patch: "replace" } };
}

export function revisionData(template: PodTemplate): RevisionData {
  return { spec: { template: { $patch: "replace", ...template } } };
}

/** The template that the revision stands for. */
export function templateOf({ data }: ControllerRevision): PodTemplate {
  const { metadata, spec } = data.spec.template;
  return { metadata, spec };
}
