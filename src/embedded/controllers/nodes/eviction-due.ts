import type { Pod } from "#embedded/api/objects.ts";
import { type Taint, tolerates } from "./taints.ts";

/**
 * When a pod has to leave because of its node's NoExecute taints: at once when one of them is not
 * tolerated, else after the shortest of the tolerations that end; undefined when it may stay.
 */
export function evictionDueMs(
  { spec }: Pod,
  taints: readonly Taint[],
  nowMs: number,
): number | undefined {
  const expelling = taints.filter(({ effect }) => effect === "NoExecute");
  const matching = expelling.map((taint) =>
    (spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint)),
  );
  if (matching.some((tolerations) => tolerations.length === 0)) return nowMs;
  const seconds = matching
    .flat()
    .map(({ tolerationSeconds }) => tolerationSeconds)
    .filter((limit) => limit !== undefined);
  if (seconds.length === 0) return undefined;
  const since = expelling.map(({ timeAdded }) => Date.parse(timeAdded ?? "") || nowMs);
  return Math.max(...since) + Math.max(0, Math.min(...seconds)) * 1000;
}
