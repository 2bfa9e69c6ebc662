import type { WorkloadRef } from "#domain/workload.ts";
import type { Manifest } from "./load-manifests.ts";
import { textReader } from "./readers.ts";
import type { YamlValue } from "./yaml-value.ts";

/** What a run can be about. */
export const WORKLOAD_KINDS: readonly WorkloadRef["kind"][] = [
  "Deployment",
  "StatefulSet",
  "DaemonSet",
];

/** `Deployment/shop`, as kubectl names it. */
export const WORKLOAD = textReader("a workload such as Deployment/shop", (text) =>
  /^[^/\s]+\/[^/\s]+$/.test(text) ? text : undefined,
);

/** The workload that `place` names as `Deployment/shop`, or the only one of the manifests. */
export function chooseWorkload(
  manifests: readonly Manifest[],
  wanted: string | undefined,
  place: YamlValue,
): Manifest | undefined {
  const workloads = manifests.filter(({ object }) => kindOf(object.kind) !== undefined);
  const names = workloads.map(nameOf);
  const list = names.length === 0 ? listAll(manifests) : names.join(", ");
  if (wanted === undefined) {
    if (workloads.length === 1) return workloads[0];
    return workloads.length === 0
      ? place.report(`needs a Deployment, StatefulSet or DaemonSet; its manifests hold ${list}`)
      : place.report(`lacks "workload": its manifests hold ${list}; say which`);
  }
  const found = workloads.find((one) => nameOf(one).toLowerCase() === wanted.toLowerCase());
  return found ?? place.report(`is "${wanted}", but the manifests hold ${list}`);
}

/** The workload as the API names it; `namespace` is for manifests that state none. */
export function workloadRef({ object }: Manifest, namespace: string): WorkloadRef | undefined {
  const kind = kindOf(object.kind);
  if (kind === undefined) return undefined;
  return { kind, name: object.metadata.name, namespace: object.metadata.namespace ?? namespace };
}

function kindOf(kind: string): WorkloadRef["kind"] | undefined {
  return WORKLOAD_KINDS.find((candidate) => candidate === kind);
}

function nameOf({ object }: Manifest): string {
  return `${object.kind}/${object.metadata.name}`;
}

function listAll(manifests: readonly Manifest[]): string {
  return manifests.length === 0 ? "no object" : manifests.map(nameOf).join(", ");
}
