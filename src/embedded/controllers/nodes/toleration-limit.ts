import type { Pod } from "#embedded/api/objects.ts";
import { type Taint, tolerates } from "./taints.ts";

/**
 * For how long a pod may stay in spite of its node's NoExecute taints: not at all when one of them is not
 * tolerated, else as long as the shortest of the tolerations that end; undefined when it may stay for good.
 */
export function toleratedForMs({ spec }: Pod, taints: readonly Taint[]): number | undefined {
  const expelling = taints.filter(({ effect }) => effect === "NoExecute");
  const matching = expelling.map((taint) =>
    (spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint)),
  );
  if (matching.some((tolerations) => tolerations.length === 0)) return 0;
  const seconds = matching
    .flat()
    .map(({ tolerationSeconds }) => tolerationSeconds)
    .filter((limit) => limit !== undefined);
  return seconds.length === 0 ? undefined : Math.max(0, Math.min(...seconds)) * 1000;
}
