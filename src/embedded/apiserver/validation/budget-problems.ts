import type { KubeObject } from "#embedded/api/objects.ts";
import { invalid, notSupported, type Problem } from "./problem.ts";

/** A budget says what must stay or what may go, not both. */
export function budgetProblems(object: KubeObject): readonly Problem[] {
  const spec = (object.spec ?? {}) as {
    readonly minAvailable?: unknown;
    readonly maxUnavailable?: unknown;
    readonly unhealthyPodEvictionPolicy?: string;
  };
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy: policy } = spec;
  const policies = ["AlwaysAllow", "IfHealthyBudget"];
  const both = minAvailable !== undefined && maxUnavailable !== undefined;
  return [
    ...(both ? [invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set")] : []),
    ...shareProblems(minAvailable, "spec.minAvailable"),
    ...shareProblems(maxUnavailable, "spec.maxUnavailable"),
    ...(policy === undefined || policies.includes(policy)
      ? []
      : [notSupported("spec.unhealthyPodEvictionPolicy", policy, policies)]),
  ];
}

function shareProblems(share: unknown, field: string): readonly Problem[] {
  if (share === undefined) return [];
  if (typeof share === "number") {
    return share >= 0 ? [] : [invalid(field, share, "must be greater than or equal to 0")];
  }
  if (/^\d+%$/.test(String(share))) {
    return Number.parseInt(String(share), 10) <= 100
      ? []
      : [invalid(field, share, "must not be greater than 100%")];
  }
  return [
    invalid(
      field,
      share,
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ),
  ];
}
