import type { KubeObject, LabelSelector, PodTemplate } from "#embedded/api/objects.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import { matchesLabelSelector } from "#embedded/apiserver/selectors/label-selector.ts";
import { labelProblems } from "./metadata-problems.ts";
import { nonNegative, podSpecProblems } from "./pod-problems.ts";
import { forbidden, invalid, notSupported, type Problem, required } from "./problem.ts";

/** As much of a Deployment, ReplicaSet, StatefulSet or DaemonSet as their common rules look at. */
interface WorkloadSpec {
  readonly replicas?: number;
  readonly minReadySeconds?: number;
  readonly selector?: LabelSelector;
  readonly template?: PodTemplate;
  readonly strategy?: { readonly type?: string; readonly rollingUpdate?: Rolling };
  readonly updateStrategy?: { readonly type?: string };
  readonly [field: string]: unknown;
}

interface Rolling {
  readonly maxSurge?: number | string;
  readonly maxUnavailable?: number | string;
}

/** The selector has to find the pods of the template, and the template has to be a valid pod. */
export function workloadProblems(object: KubeObject): readonly Problem[] {
  const spec = (object.spec ?? {}) as WorkloadSpec;
  return [
    ...selectorProblems(spec),
    ...nonNegative(spec.replicas, "spec.replicas"),
    ...nonNegative(spec.minReadySeconds, "spec.minReadySeconds"),
    ...templateProblems(spec.template, ["Always"]),
  ];
}

/** A Deployment's own rules come on top: a rollout must be able to move. */
export function deploymentProblems(object: KubeObject): readonly Problem[] {
  const { strategy } = (object.spec ?? {}) as WorkloadSpec;
  return [...workloadProblems(object), ...strategyProblems(strategy)];
}

/** What identifies the pods of a workload never changes. */
export function workloadUpdateProblems(object: KubeObject, old: KubeObject): readonly Problem[] {
  const { selector } = (object.spec ?? {}) as WorkloadSpec;
  const { selector: before } = (old.spec ?? {}) as WorkloadSpec;
  if (equalJson(selector, before)) return [];
  return [invalid("spec.selector", selector, "field is immutable")];
}

const STATEFUL_SET_CHANGEABLE = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

/** A StatefulSet's identity is more than its selector. */
export function statefulSetUpdateProblems(object: KubeObject, old: KubeObject): readonly Problem[] {
  const settled = ({ spec }: KubeObject) =>
    Object.fromEntries(
      Object.entries(spec ?? {}).filter(([field]) => !STATEFUL_SET_CHANGEABLE.includes(field)),
    );
  if (equalJson(settled(object), settled(old))) return [];
  return [
    forbidden(
      "spec",
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ),
  ];
}

/** The template as a pod; `restartPolicies` are those the workload's controller can live with. */
export function templateProblems(
  template: PodTemplate | undefined,
  restartPolicies: readonly string[],
  path = "spec.template",
): readonly Problem[] {
  if (template?.spec === undefined) return [required(`${path}.spec.containers`)];
  const { restartPolicy = "Always" } = template.spec;
  return [
    ...labelProblems(`${path}.metadata.labels`, template.metadata?.labels),
    ...podSpecProblems(template.spec, `${path}.spec`),
    ...((template.spec.ephemeralContainers ?? []).length === 0
      ? []
      : [
          forbidden(
            `${path}.spec.ephemeralContainers`,
            "ephemeral containers not allowed in pod template",
          ),
        ]),
    ...(restartPolicies.includes(restartPolicy)
      ? []
      : [notSupported(`${path}.spec.restartPolicy`, restartPolicy, restartPolicies)]),
  ];
}

function selectorProblems({ selector, template }: WorkloadSpec): readonly Problem[] {
  if (selector === undefined) return [required("spec.selector")];
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) {
    return [invalid("spec.selector", selector, "empty selector is invalid for deployment")];
  }
  const labels = template?.metadata?.labels ?? {};
  if (matchesLabelSelector(selector, labels)) return [];
  const detail = "`selector` does not match template `labels`";
  return [invalid("spec.template.metadata.labels", labels, detail)];
}

function strategyProblems(strategy: WorkloadSpec["strategy"]): readonly Problem[] {
  const { type = "RollingUpdate", rollingUpdate } = strategy ?? {};
  if (type === "Recreate") {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    return rollingUpdate === undefined ? [] : [forbidden("spec.strategy.rollingUpdate", detail)];
  }
  if (type !== "RollingUpdate") {
    return [notSupported("spec.strategy.type", type, ["Recreate", "RollingUpdate"])];
  }
  const { maxSurge, maxUnavailable } = rollingUpdate ?? {};
  if (!isZero(maxSurge) || !isZero(maxUnavailable)) return [];
  const detail = "may not be 0 when `maxSurge` is 0";
  return [invalid("spec.strategy.rollingUpdate.maxUnavailable", maxUnavailable, detail)];
}

function isZero(share: number | string | undefined): boolean {
  return share === 0 || share === "0%" || share === "0";
}
