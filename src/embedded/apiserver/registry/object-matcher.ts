import type { ListOptions } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { parseFieldSelector } from "#embedded/apiserver/selectors/field-selector.ts";
import { parseLabelSelector } from "#embedded/apiserver/selectors/label-selector.ts";
import type { ResourceDefinition } from "./resource-definition.ts";

/** Decides whether an object belongs to a list or a watch; throws a 400 for a selector it cannot read. */
export function objectMatcher(
  definition: ResourceDefinition,
  { namespace, labelSelector = "", fieldSelector = "" }: ListOptions,
): (object: KubeObject) => boolean {
  const { selectableFields = [], fieldsOf } = definition.rules;
  const supported = new Set(["metadata.name", "metadata.namespace", ...selectableFields]);
  const labelsMatch = parseLabelSelector(labelSelector);
  const fieldsMatch = parseFieldSelector(fieldSelector, supported);
  return (object) => {
    const { metadata } = object;
    if (namespace !== undefined && metadata.namespace !== namespace) return false;
    if (labelSelector !== "" && !labelsMatch(metadata.labels ?? {})) return false;
    if (fieldSelector === "") return true;
    return fieldsMatch({
      "metadata.name": metadata.name,
      "metadata.namespace": metadata.namespace ?? "",
      ...fieldsOf?.(object),
    });
  };
}
