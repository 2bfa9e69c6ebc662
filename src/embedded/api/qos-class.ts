import type { Container, PodSpec } from "./objects.ts";
import { parseQuantity } from "./quantity.ts";

/** Guaranteed: every container limits cpu and memory and requests as much. BestEffort: none asks for anything. */
export function qosClassOf({ containers, initContainers = [] }: PodSpec): string {
  const all = [...(containers ?? []), ...initContainers];
  if (all.every(asksForNothing)) return "BestEffort";
  return all.every(isGuaranteed) ? "Guaranteed" : "Burstable";
}

const COMPUTE = ["cpu", "memory"] as const;

function asksForNothing({ resources }: Container): boolean {
  return COMPUTE.every(
    (name) => resources?.limits?.[name] === undefined && resources?.requests?.[name] === undefined,
  );
}

function isGuaranteed({ resources }: Container): boolean {
  return COMPUTE.every((name) => {
    const limit = resources?.limits?.[name];
    if (limit === undefined) return false;
    // As amounts: 2000m is 2.
    return parseQuantity(resources?.requests?.[name] ?? limit) === parseQuantity(limit);
  });
}
