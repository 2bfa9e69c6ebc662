import type { Container } from "#embedded/api/objects.ts";
import { duplicate, invalid, notSupported, type Problem, required } from "./problem.ts";

interface ResizePolicy {
  readonly resourceName?: string;
  readonly restartPolicy?: string;
}

/** What is wrong with how a container may be resized; `runsOnce`: an init container that is no sidecar. */
export function resizePolicyProblems(
  container: Container,
  path: string,
  pod: { readonly restartPolicy: string; readonly runsOnce: boolean },
): readonly Problem[] {
  const policies = (container["resizePolicy"] ?? []) as readonly ResizePolicy[];
  const field = `${path}.resizePolicy`;
  return policies.flatMap(({ resourceName = "", restartPolicy = "" }, index) => {
    const isSecond = policies.findIndex((other) => other.resourceName === resourceName) < index;
    return [
      ...(isSecond ? [duplicate(`${field}[${index}]`, resourceName)] : []),
      ...oneOf(resourceName, ["cpu", "memory"], field),
      ...oneOf(restartPolicy, ["NotRequired", "RestartContainer"], field),
      ...(pod.restartPolicy === "Never" && restartPolicy !== "NotRequired"
        ? [
            invalid(
              field,
              restartPolicy,
              "must be 'NotRequired' when pod `restartPolicy` is 'Never'",
            ),
          ]
        : []),
      ...(pod.runsOnce && restartPolicy === "RestartContainer"
        ? [
            invalid(
              `${field}[${index}].restartPolicy`,
              restartPolicy,
              "must not be set to 'RestartContainer' for non-sidecar initContainers",
            ),
          ]
        : []),
    ];
  });
}

function oneOf(value: string, supported: readonly string[], field: string): readonly Problem[] {
  if (value === "") return [required(field)];
  return supported.includes(value) ? [] : [notSupported(field, value, supported)];
}
