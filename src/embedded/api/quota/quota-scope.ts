import type { Container, Pod } from "#embedded/api/objects.ts";
import type { ResourceQuota, ScopeRequirement } from "./resource-quota.ts";

/** What a quota demands of the pods that it counts; without any, it counts every object. */
export function scopesOf({ spec }: ResourceQuota): readonly ScopeRequirement[] {
  const scopes = (spec?.scopes ?? []).map((scopeName) => ({ scopeName }));
  return [...scopes, ...(spec?.scopeSelector?.matchExpressions ?? [])];
}

/** Whether a quota with this scope counts the pod. A scope nobody knows counts nothing. */
export function isInScope(scope: ScopeRequirement, pod: Pod): boolean {
  switch (scope.scopeName) {
    case "Terminating":
      return isTimeLimited(pod);
    case "NotTerminating":
      return !isTimeLimited(pod);
    case "BestEffort":
      return isBestEffort(pod);
    case "NotBestEffort":
      return !isBestEffort(pod);
    case "PriorityClass":
      return hasChosenPriority(scope, pod.spec.priorityClassName ?? "");
    case "CrossNamespacePodAffinity":
      return looksIntoOtherNamespaces(pod);
    default:
      return false;
  }
}

/** Quotas call pods terminating that have a deadline, not those that are being deleted. */
function isTimeLimited({ spec }: Pod): boolean {
  return typeof spec["activeDeadlineSeconds"] === "number";
}

function isBestEffort({ spec }: Pod): boolean {
  const parts = [
    ...spec.containers.map(({ resources }) => resources),
    ...(spec.initContainers ?? []).map(({ resources }) => resources),
    spec["resources"] as Container["resources"],
  ];
  return parts.every((resources) =>
    ["cpu", "memory"].every(
      (name) =>
        resources?.requests?.[name] === undefined && resources?.limits?.[name] === undefined,
    ),
  );
}

function hasChosenPriority({ operator = "Exists", values = [] }: ScopeRequirement, name: string) {
  switch (operator) {
    case "Exists":
      return name !== "";
    case "DoesNotExist":
      return name === "";
    case "In":
      return name !== "" && values.includes(name);
    case "NotIn":
      return !values.includes(name);
  }
}

interface AffinityTerm {
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: object;
}

interface Affinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly AffinityTerm[];
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly podAffinityTerm: AffinityTerm;
  }[];
}

function looksIntoOtherNamespaces({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = (spec["affinity"] ?? {}) as {
    readonly podAffinity?: Affinity;
    readonly podAntiAffinity?: Affinity;
  };
  return [podAffinity, podAntiAffinity]
    .flatMap((affinity) => [
      ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
        ({ podAffinityTerm }) => podAffinityTerm,
      ),
    ])
    .some(
      ({ namespaces = [], namespaceSelector }) =>
        namespaces.length > 0 || namespaceSelector !== undefined,
    );
}
