import type { Node, Pod } from "#embedded/api/objects.ts";
import { matchesLabels } from "#embedded/controllers/meta/label-selector.ts";

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface NodeSelectorTerm {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly NodeSelectorTerm[];
    };
  };
}

/** What the pod demands of a node's labels: all of nodeSelector, and one term of the required affinity. */
export function selectsNode({ spec }: Pod, { metadata }: Node): boolean {
  if (!matchesLabels(spec.nodeSelector ?? {}, metadata.labels)) return false;
  const affinity = spec["affinity"] as Affinity | undefined;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  const fields = { "metadata.name": metadata.name };
  return (required.nodeSelectorTerms ?? []).some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length + matchFields.length === 0) return false;
    return (
      matchExpressions.every((requirement) => meets(requirement, metadata.labels ?? {})) &&
      matchFields.every((requirement) => meets(requirement, fields))
    );
  });
}

function meets(
  { key, operator, values = [] }: Requirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = labels[key];
  if (operator === "DoesNotExist") return value === undefined;
  if (operator === "NotIn") return value === undefined || !values.includes(value);
  if (value === undefined) return false;
  if (operator === "Exists") return true;
  if (operator === "In") return values.includes(value);
  if (operator === "Gt") return Number(value) > Number(values[0]);
  return operator === "Lt" && Number(value) < Number(values[0]);
}
