import type { Container, PodSpec } from "#embedded/api/objects.ts";

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
    return limit !== undefined && (resources?.requests?.[name] ?? limit) === limit;
  });
}
