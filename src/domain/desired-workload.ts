import type { Scenario } from "./scenario.ts";
import type { KubernetesObject } from "./workload.ts";

/** The workload under test among a scenario's objects, with the replicas that the feature asks for. */
export interface DesiredWorkload {
  readonly objects: readonly KubernetesObject[];
  readonly workload: KubernetesObject;
  readonly replicas: number;
}

/**
 * Sets the replicas where a step names them; otherwise the manifest's own number stands. A DaemonSet has one
 * pod a node, and no such field: the API server refuses it.
 */
export function desiredWorkload(scenario: Scenario, wanted: number | undefined): DesiredWorkload {
  const found = scenario.objects.find((object) => isWorkload(object, scenario));
  if (found === undefined) {
    throw new TypeError(`Scenario ${scenario.name} passed its door without its own workload.`);
  }
  const spec = found["spec"] as { readonly replicas?: number }; // a workload that was parsed has a spec
  const replicas = wanted ?? spec.replicas ?? 1;
  const workload = found.kind === "DaemonSet" ? found : { ...found, spec: { ...spec, replicas } };
  const objects = scenario.objects.map((object) => (object === found ? workload : object));
  return { objects, workload, replicas };
}

function isWorkload({ kind, metadata }: KubernetesObject, { workload }: Scenario): boolean {
  return kind === workload.kind && metadata.name === workload.name;
}
