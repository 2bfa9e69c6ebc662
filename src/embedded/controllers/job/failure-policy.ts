import type { Pod } from "#embedded/api/objects.ts";
import type { FailureRule, Job } from "./job.ts";

export type FailureVerdict =
  | { readonly type: "count" }
  | { readonly type: "ignore" }
  | { readonly type: "fail-index" }
  | { readonly type: "fail-job"; readonly message: string };

/** What a failed pod means for its Job: the first rule that matches decides; without any it counts. */
export function judgeFailure({ spec }: Job, pod: Pod): FailureVerdict {
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const cause = causeOf(rule, pod);
    if (cause === undefined) continue;
    if (rule.action === "Ignore") return { type: "ignore" };
    if (rule.action === "FailIndex") return { type: "fail-index" };
    if (rule.action !== "FailJob") return { type: "count" };
    return { type: "fail-job", message: `${cause} matching FailJob rule at index ${index}` };
  }
  return { type: "count" };
}

function causeOf({ onExitCodes, onPodConditions }: FailureRule, pod: Pod): string | undefined {
  const where = `pod ${pod.metadata.namespace}/${pod.metadata.name}`;
  if (onExitCodes !== undefined) {
    const { containerName, operator, values } = onExitCodes;
    for (const { name, state } of pod.status.containerStatuses ?? []) {
      const code = state.terminated?.exitCode;
      if (code === undefined || code === 0) continue;
      if (containerName !== undefined && containerName !== name) continue;
      if (values.includes(code) !== (operator === "In")) continue;
      return `Container ${name} for ${where} failed with exit code ${code}`;
    }
    return undefined;
  }
  const met = (onPodConditions ?? []).find(({ type, status = "True" }) =>
    pod.status.conditions?.some((one) => one.type === type && one.status === status),
  );
  return met === undefined
    ? undefined
    : `Pod ${pod.metadata.namespace}/${pod.metadata.name} has condition ${met.type}`;
}
