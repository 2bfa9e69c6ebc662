import type { Container, KubeObject, Pod, PodSpec } from "#embedded/api/objects.ts";
import { qosClassOf } from "#embedded/api/qos-class.ts";
import { applyLimitRanges } from "#embedded/apiserver/admission/limit-ranges.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import type { PartRules } from "#embedded/apiserver/registry/resource-definition.ts";
import { forbidden, invalid, type Problem } from "#embedded/apiserver/validation/problem.ts";

const LISTS = ["containers", "initContainers"] as const;

/** Other requests and limits for containers that run: `resources` and `resizePolicy`, and nothing else. */
export const RESIZE: PartRules = {
  take: (draft, old) => {
    const [wanted, spec] = [(draft as Pod).spec, (old as Pod).spec];
    const isRefused =
      podLevelProblems(wanted, spec).length + orderProblems(wanted, spec).length > 0;
    if (isRefused) return wanted; // for it, below
    const resized = LISTS.flatMap((list) => {
      const containers = spec[list];
      return containers === undefined ? [] : [[list, withResources(containers, wanted[list])]];
    });
    return { ...spec, ...Object.fromEntries(resized) };
  },
  admit: (draft, context) => applyLimitRanges(draft as Pod, context),
  validateUpdate: resizeProblems,
};

function withResources(
  containers: readonly Container[],
  wanted: readonly Container[] = [],
): readonly Container[] {
  return containers.map((container, index) => {
    const { resources: _old, resizePolicy: _policy, ...rest } = container;
    const { resources = {}, resizePolicy } = wanted[index] ?? container;
    return { ...rest, resources, ...(resizePolicy === undefined ? {} : { resizePolicy }) };
  });
}

function resizeProblems(object: KubeObject, old: KubeObject): readonly Problem[] {
  const [now, before] = [(object as Pod).spec, (old as Pod).spec];
  const order = orderProblems(now, before);
  const qosMayNotChange = "Pod QOS Class may not change as a result of resizing";
  const qosClass = qosClassOf(before);
  return [
    ...(qosClassOf(now) === qosClass ? [] : [invalid("spec", qosClass, qosMayNotChange)]),
    ...podLevelProblems(now, before),
    ...(order.length > 0 ? order : containerProblems(now, before)),
  ];
}

/** What a pod has as a whole is given to no node here, so a change of it would be believed and come to nothing. */
function podLevelProblems(now: PodSpec, before: PodSpec): readonly Problem[] {
  const [wanted, present] = [now["resources"] ?? {}, before["resources"] ?? {}];
  return equalJson(wanted, present)
    ? []
    : [forbidden("spec.resources", "this cluster resizes containers, not pods as a whole")];
}

/** Containers are told apart by their place: none may come, go, or change its name. */
function orderProblems(now: PodSpec, before: PodSpec): readonly Problem[] {
  return LISTS.flatMap((list) => {
    const [wanted = [], present = []] = [now[list], before[list]];
    const path = `spec.${list}`;
    if (wanted.length !== present.length) {
      return [forbidden(path, `${list} may not be added or removed on resize`)];
    }
    return present.flatMap(({ name }, index) =>
      wanted[index]?.name === name
        ? []
        : [
            forbidden(
              `${path}[${index}].name`,
              `${list} may not be renamed or reordered on resize`,
            ),
          ],
    );
  });
}

function containerProblems(now: PodSpec, before: PodSpec): readonly Problem[] {
  return LISTS.flatMap((list) =>
    (now[list] ?? []).flatMap((container, index) => {
      const present = before[list]?.[index];
      if (present === undefined) return [];
      const path = `spec.${list}[${index}]`;
      return [...removalProblems(container, present, path), ...mutable(container, present)];
    }),
  );
}

function removalProblems(
  { resources }: Container,
  present: Container,
  path: string,
): readonly Problem[] {
  return (["requests", "limits"] as const).flatMap((kind) => {
    const left = resources?.[kind] ?? {};
    const isRemoved = Object.keys(present.resources?.[kind] ?? {}).some((name) => !(name in left));
    const detail = `resource ${kind} cannot be removed`;
    return isRemoved ? [forbidden(`${path}.resources.${kind}`, detail)] : [];
  });
}

function mutable(container: Container, present: Container): readonly Problem[] {
  return equalJson(withoutCompute(container), withoutCompute(present))
    ? []
    : [forbidden("spec", "only cpu and memory resources are mutable")];
}

function withoutCompute({ resources = {} }: Container): unknown {
  const strip = (amounts: Readonly<Record<string, unknown>> = {}) =>
    Object.fromEntries(
      Object.entries(amounts).filter(([name]) => name !== "cpu" && name !== "memory"),
    );
  return { limits: strip(resources.limits), requests: strip(resources.requests) };
}
