import type { Container, Pod } from "#embedded/api/objects.ts";

/** Guaranteed: limits for cpu and memory everywhere and equal to the requests. Burstable: some figure at all. */
export function qosClass(pod: Pod): "Guaranteed" | "Burstable" | "BestEffort" {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  if (containers.every((container) => isGuaranteed(container))) return "Guaranteed";
  const figures = containers.flatMap(({ resources }) => [
    ...Object.keys(resources?.limits ?? {}),
    ...Object.keys(resources?.requests ?? {}),
  ]);
  return figures.some(isCompute) ? "Burstable" : "BestEffort";
}

function isGuaranteed({ resources }: Container): boolean {
  return ["cpu", "memory"].every((resource) => {
    const limit = resources?.limits?.[resource];
    const request = resources?.requests?.[resource] ?? limit;
    return limit !== undefined && limit === request;
  });
}

function isCompute(resource: string): boolean {
  return resource === "cpu" || resource === "memory";
}
