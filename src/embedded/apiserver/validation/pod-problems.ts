import type { Container, KubeObject, Pod, PodSpec } from "#embedded/api/objects.ts";
import { copyJson } from "#embedded/apiserver/json/copy-json.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import { containerProblems } from "./container-problems.ts";
import { ephemeralProblems } from "./ephemeral-problems.ts";
import { duplicate, forbidden, invalid, notSupported, type Problem, required } from "./problem.ts";
import { resizePolicyProblems } from "./resize-policy-problems.ts";

/** What is wrong with a pod on its own. */
export function podProblems(object: KubeObject): readonly Problem[] {
  return podSpecProblems((object as Pod).spec, "spec");
}

/** Ephemeral containers come only by a path of their own, when the pod is there. */
export function podCreateProblems(object: KubeObject): readonly Problem[] {
  const { ephemeralContainers = [] } = (object as Pod).spec ?? {};
  return ephemeralContainers.length === 0
    ? []
    : [forbidden("spec.ephemeralContainers", "cannot be set on create")];
}

/** The same for a pod and for a template; `path` says which. */
export function podSpecProblems(spec: PodSpec | undefined, path: string): readonly Problem[] {
  const { containers = [], initContainers = [] } = spec ?? ({} as Partial<PodSpec>);
  if (spec === undefined || containers.length === 0) return [required(`${path}.containers`)];
  const graceSeconds = spec.terminationGracePeriodSeconds ?? 30;
  const restartPolicy = spec.restartPolicy ?? "Always";
  const at = (list: readonly Container[], field: string) =>
    list.flatMap((container, index) => {
      const isInit = field === "initContainers";
      const place = `${path}.${field}[${index}]`;
      const volumes = (spec.volumes ?? []).map(({ name }) => name);
      const runsOnce = isInit && container.restartPolicy !== "Always";
      return [
        ...containerProblems(container, { path: place, graceSeconds, volumes, isInit }),
        ...resizePolicyProblems(container, place, { restartPolicy, runsOnce }),
      ];
    });
  return [
    ...at(containers, "containers"),
    ...at(initContainers, "initContainers"),
    ...duplicateNames(containers, `${path}.containers`),
    ...duplicateNames(initContainers, `${path}.initContainers`),
    ...ephemeralProblems(spec, path),
    ...volumeProblems(spec, path),
    ...choice(spec.restartPolicy, ["Always", "OnFailure", "Never"], `${path}.restartPolicy`),
    ...choice(
      spec["dnsPolicy"],
      ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
      `${path}.dnsPolicy`,
    ),
  ];
}

/** A pod's spec is settled once it exists, but for a few fields. */
export function podUpdateProblems(object: KubeObject, old: KubeObject): readonly Problem[] {
  const deadline = deadlineProblems((object as Pod).spec, (old as Pod).spec);
  if (deadline.length > 0 || equalJson(changeableRemoved(object), changeableRemoved(old))) {
    return deadline;
  }
  return [
    forbidden(
      "spec",
      "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
    ),
  ];
}

/** A deadline may come nearer, and not go away. */
function deadlineProblems(spec: PodSpec, old: PodSpec): readonly Problem[] {
  const field = "spec.activeDeadlineSeconds";
  const [now, before] = [spec["activeDeadlineSeconds"], old["activeDeadlineSeconds"]];
  if (before === undefined || now === before) return [];
  if (now === undefined) {
    return [invalid(field, now, "must not update from a positive integer to nil value")];
  }
  return Number(now) > Number(before)
    ? [invalid(field, now, "must be less than or equal to previous value")]
    : [];
}

function changeableRemoved(object: KubeObject): unknown {
  const spec = copyJson((object as Pod).spec);
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    container.image = "";
  }
  const {
    activeDeadlineSeconds: _deadline,
    tolerations: _tolerations,
    schedulingGates: _gates,
    ...settled
  } = spec;
  return settled;
}

function volumeProblems({ volumes = [] }: PodSpec, path: string): readonly Problem[] {
  return volumes.flatMap(({ name }, index) => {
    const field = `${path}.volumes[${index}].name`;
    if ((name ?? "") === "") return [required(field)];
    const isSecond = volumes.findIndex((other) => other.name === name) < index;
    return isSecond ? [duplicate(field, name)] : [];
  });
}

function duplicateNames(list: readonly Container[], path: string): readonly Problem[] {
  return list.flatMap(({ name }, index) =>
    list.findIndex((other) => other.name === name) < index
      ? [duplicate(`${path}[${index}].name`, name)]
      : [],
  );
}

function choice(value: unknown, supported: readonly string[], field: string): readonly Problem[] {
  if (value === undefined || supported.includes(String(value))) return [];
  return [notSupported(field, value, supported)];
}

/** Also used for counts of replicas and seconds. */
export function nonNegative(value: unknown, field: string): readonly Problem[] {
  return typeof value === "number" && value < 0
    ? [invalid(field, value, "must be greater than or equal to 0")]
    : [];
}
