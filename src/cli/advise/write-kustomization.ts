import { parse, stringify } from "yaml";
import type { WorkloadRef } from "#domain/workload.ts";
import type { Setting } from "./applicable.ts";

/** A kustomize component with the patches, to be named under `components:` of any kustomization that has the workload. */
export function writeKustomization({ kind, name }: WorkloadRef, settings: readonly Setting[]) {
  const target = { apiVersion: "apps/v1", kind, metadata: { name } };
  const patches = settings
    // Kustomize lets the last one win; where two set the same, the more certain cause comes first here.
    .toReversed()
    .map(({ patch }) => ({
      target: { kind, name },
      patch: stringify({ ...target, ...(parse(patch) as object) }), // written by ourselves
    }));
  const component = {
    apiVersion: "kustomize.config.k8s.io/v1alpha1",
    kind: "Component",
    patches,
  };
  const causes = settings.map(({ cause }) => cause).join(", ");
  return `# ${causes}. Save it as lastcall/kustomization.yaml, and add "components: [lastcall]".\n${stringify(component)}`;
}
