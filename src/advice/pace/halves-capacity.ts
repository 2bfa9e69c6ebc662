import type { Cause } from "#advice/cause.ts";
import { findLostReadiness } from "#advice/lost-readiness.ts";
import { measurementOf, verdictOf } from "#advice/measured.ts";
import { casesOf } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";
import type { WorkloadSnapshot } from "#domain/observation.ts";

/** The rollout itself took away half of the pods, or more, because it was allowed to. */
export const halvesCapacity: Cause = (clues) => {
  const { report, failures } = clues;
  const { workload, header } = report;
  const share = measurementOf(report, "capacity")?.value;
  const asked = verdictOf(report, "capacity");
  const rolling = header.disruptions.some(({ type }) => type === "rolling-update");
  if (workload === undefined || share === undefined || asked === "pass" || !rolling)
    return undefined;
  const least = Math.round(share * workload.desired);
  if (share > 0.5 || workload.desired < 2 || !isAllowed(workload, least)) return undefined;
  // Pods that fail their probe under load are away for another reason.
  if (findLostReadiness(report).length > 0) return undefined;
  const alone = failures.filter(({ kind }) => kind === "nobody-ready");
  const { maxUnavailable } = workload;
  const { kind } = header.workload;
  return {
    advice: {
      cause: "halves-capacity",
      explanation:
        `Only ${least} of ${workload.desired} replicas were ready at the worst moment of the rollout` +
        `${maxUnavailable === undefined ? "" : `: maxUnavailable is ${maxUnavailable}`}. The others had to carry ` +
        "the whole load.",
      confidence: maxUnavailable === undefined ? "likely" : "proven",
      evidence: casesOf([`least ready endpoints: ${least} of ${workload.desired}`]),
      fix: "Replace pods one at a time, each only when its successor is ready.",
      patch: writePatch(kind, {
        // A StatefulSet has no surge, so one pod has to be away.
        rollout: { maxUnavailable: kind === "StatefulSet" ? 1 : 0, maxSurge: 1 },
      }),
      ...(asked === undefined && alone.length === 0 && { hint: true }),
    },
    explains: alone,
  };
};

/** More pods were away than the setting allows: then something else took them. */
function isAllowed({ maxUnavailable, desired }: WorkloadSnapshot, least: number): boolean {
  if (maxUnavailable === undefined) return true;
  const allowed =
    typeof maxUnavailable === "string" && maxUnavailable.endsWith("%")
      ? Math.ceil((Number.parseFloat(maxUnavailable) / 100) * desired)
      : Number(maxUnavailable);
  return desired - least <= Math.max(1, allowed);
}
