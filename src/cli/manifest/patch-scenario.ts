import { isDeepStrictEqual } from "node:util";
import { parseAllDocuments, stringify } from "yaml";
import { desiredWorkload } from "#domain/desired-workload.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import { patchManifest } from "./patch-manifest.ts";

interface PatchedScenario {
  readonly scenario: Scenario;
  /** A patch may change them, whatever the feature had asked for. */
  readonly replicas: number;
  /** False when the workload had all this before. */
  readonly changed: boolean;
  /** For each patch in turn what of it the manifests could not take, one sentence each. */
  readonly complaints: readonly (readonly string[])[];
}

/**
 * Patches the workload in memory, by the very merge that writes a manifest: what is tried is what
 * `--apply-to` gives. `replicas` is what the run was asked to have. The first of two patches wins.
 */
export function patchScenario(
  scenario: Scenario,
  { patches, replicas }: { readonly patches: readonly string[]; readonly replicas?: number },
): PatchedScenario {
  const { objects } = desiredWorkload(scenario, replicas);
  const { text, complaints } = patchManifest(objects.map(write).join(""), {
    file: "The scenario's manifests",
    workload: scenario.workload,
    patches,
  });
  // They were Kubernetes objects before, and a patch takes none of what makes them that.
  const patched = parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);
  const result = { ...scenario, objects: patched, patches };
  return {
    scenario: result,
    replicas: desiredWorkload(result, undefined).replicas,
    changed: !isDeepStrictEqual(objects, patched),
    complaints,
  };
}

function write(object: KubernetesObject): string {
  return `---\n${stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 })}`;
}
