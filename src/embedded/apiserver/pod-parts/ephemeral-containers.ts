import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import type { PartRules } from "#embedded/apiserver/registry/resource-definition.ts";
import { forbidden, type Problem } from "#embedded/apiserver/validation/problem.ts";

/** What `kubectl debug` adds to a running pod. What is there stays as it is, and stays for good. */
export const EPHEMERAL_CONTAINERS: PartRules = {
  take: (draft, old) => {
    const { ephemeralContainers: _before, ...rest } = (old as Pod).spec;
    const { ephemeralContainers = [] } = (draft as Pod).spec;
    return ephemeralContainers.length === 0 ? rest : { ...rest, ephemeralContainers };
  },
  validateUpdate: keptProblems,
};

function keptProblems(object: KubeObject, old: KubeObject): readonly Problem[] {
  const now = (object as Pod).spec.ephemeralContainers ?? [];
  return ((old as Pod).spec.ephemeralContainers ?? []).flatMap((before) => {
    const after = now.find(({ name }) => name === before.name);
    if (after !== undefined && equalJson(before, after)) return [];
    const change = after === undefined ? "removed" : "changed";
    const detail = `existing ephemeral containers ${JSON.stringify(before.name)} may not be ${change}\n`;
    return [forbidden("spec.ephemeralContainers", detail)];
  });
}
