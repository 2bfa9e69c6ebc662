import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import { parseQuantity } from "#embedded/api/quantity.ts";
import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { fillIn, objectAt, objectsIn } from "#embedded/apiserver/json/fill-in.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { forbiddenFor } from "#embedded/apiserver/status/refusals.ts";

/** What a LimitRange leaves open follows from the rest of it: a default from the maximum, and so on. */
export function setLimitRangeDefaults(draft: KubeObject): void {
  for (const limit of containerLimits(draft)) {
    fillIn(objectAt(limit, "default"), partOf(limit, "max"));
    fillIn(objectAt(limit, "defaultRequest"), partOf(limit, "default"));
    fillIn(objectAt(limit, "defaultRequest"), partOf(limit, "min"));
  }
}

/**
 * Gives a new pod's containers what the LimitRanges of its namespace give to those who say nothing, and
 * throws a 403 for one that asks for less or more than they allow. Limits of whole pods are not looked at.
 */
export function applyLimitRanges({ metadata, spec }: Pod, { store }: ServerContext): void {
  const limits = store
    .entries("/limitranges")
    .map(([, object]) => object)
    .filter((object) => object.metadata.namespace === metadata.namespace)
    .flatMap(containerLimits);
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const problems: string[] = [];
  for (const container of containers) {
    for (const limit of limits) {
      const resources = objectAt(container as unknown as JsonObject, "resources");
      fillWith(resources, "limits", partOf(limit, "default"));
      fillWith(resources, "requests", partOf(limit, "defaultRequest"));
      problems.push(...boundProblems(limit, resources));
    }
  }
  if (problems.length === 0) return;
  const why = problems.length === 1 ? String(problems[0]) : `[${problems.join(", ")}]`;
  throw forbiddenFor({ group: "", plural: "pods" }, metadata.name, { why });
}

function containerLimits({ spec }: KubeObject): readonly JsonObject[] {
  const limits = isObject(spec) ? objectsIn(spec, "limits") : [];
  return limits.filter(({ type }) => type === "Container");
}

function fillWith(resources: JsonObject, field: string, amounts: JsonObject): void {
  if (Object.keys(amounts).length > 0) fillIn(objectAt(resources, field), amounts);
}

function boundProblems(limit: JsonObject, resources: JsonObject): readonly string[] {
  const requests = partOf(resources, "requests");
  const limits = partOf(resources, "limits");
  const below = Object.entries(partOf(limit, "min")).flatMap(([name, min]) => {
    const rule = `minimum ${name} usage per Container is ${min}`;
    const request = requests[name];
    if (request === undefined) return [`${rule}. No request is specified`];
    return amount(request) < amount(min) ? [`${rule}, but request is ${request}`] : [];
  });
  const above = Object.entries(partOf(limit, "max")).flatMap(([name, max]) => {
    const rule = `maximum ${name} usage per Container is ${max}`;
    const wanted = limits[name];
    if (wanted === undefined) return [`${rule}. No limit is specified`];
    if (amount(wanted) > amount(max)) return [`${rule}, but limit is ${wanted}`];
    const request = requests[name] ?? wanted;
    return amount(request) > amount(max) ? [`${rule}, but request is ${request}`] : [];
  });
  return [...below, ...above];
}

function amount(quantity: unknown): number {
  return parseQuantity(String(quantity));
}

function partOf(object: JsonObject, field: string): JsonObject {
  const part = object[field];
  return isObject(part) ? part : {};
}
