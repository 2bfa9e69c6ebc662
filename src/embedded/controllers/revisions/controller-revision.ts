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

/** With its fields in the order of the alphabet: clients compare it byte by byte with what Go would write. */
export function revisionData(template: PodTemplate): RevisionData {
  return inOrder({ spec: { template: { $patch: "replace", ...template } } });
}

function inOrder<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inOrder) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, field]) => [name, inOrder(field)])) as T;
}

/** The template that the revision stands for. */
export function templateOf({ data }: ControllerRevision): PodTemplate {
  const { metadata, spec } = data.spec.template;
  return { metadata, spec };
}
