import type { EphemeralContainer, PodSpec } from "#embedded/api/objects.ts";
import { containerProblems } from "./container-problems.ts";
import { duplicate, forbidden, missing, type Problem } from "./problem.ts";

/** All that a container may have which only looks: nothing that others would come to depend on. */
const ALLOWED = new Set([
  ...["name", "image", "imagePullPolicy", "command", "args", "workingDir", "env", "envFrom"],
  ...["volumeMounts", "volumeDevices", "terminationMessagePath", "terminationMessagePolicy"],
  ...["securityContext", "stdin", "stdinOnce", "tty", "targetContainerName"],
]);

const NOT_HERE = "cannot be set for an Ephemeral Container";

/** What is wrong with the ephemeral containers of a pod, each by itself and beside the others. */
export function ephemeralProblems(spec: PodSpec, path: string): readonly Problem[] {
  const others = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
  const ephemeral = spec.ephemeralContainers ?? [];
  const volumes = (spec.volumes ?? []).map(({ name }) => name);
  return ephemeral.flatMap((container, index) => {
    const field = `${path}.ephemeralContainers[${index}]`;
    const before = [...others, ...ephemeral.slice(0, index).map(({ name }) => name)];
    const target = container.targetContainerName ?? "";
    return [
      ...containerProblems(container, { path: field, graceSeconds: 0, volumes, isInit: false }),
      ...(before.includes(container.name) ? [duplicate(`${field}.name`, container.name)] : []),
      ...(target === "" || others.includes(target)
        ? []
        : [missing(`${field}.targetContainerName`, target)]),
      ...notAllowed(container, field),
    ];
  });
}

function notAllowed(container: EphemeralContainer, field: string): readonly Problem[] {
  const given = Object.entries(container).filter(([name, value]) => {
    const isEmpty = Object.keys(Object(value)).length === 0 && typeof value === "object";
    return !ALLOWED.has(name) && !isEmpty && value !== "";
  });
  const subPaths = (container.volumeMounts ?? []).flatMap((mount, index) =>
    ["subPath", "subPathExpr"]
      .filter((name) => ((mount as Record<string, unknown>)[name] ?? "") !== "")
      .map((name) => `volumeMounts[${index}].${name}`),
  );
  return [...given.map(([name]) => name), ...subPaths].map((name) =>
    forbidden(`${field}.${name}`, NOT_HERE),
  );
}
