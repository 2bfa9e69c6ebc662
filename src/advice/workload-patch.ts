import type { PreStopHook } from "#domain/observation.ts";
import type { WorkloadRef } from "#domain/workload.ts";

/** The settings that an advice changes; the patch holds these and nothing else. */
export interface WorkloadChange {
  readonly replicas?: number;
  readonly minReadySeconds?: number;
  /** Only a Deployment has a surge beside it that is worth naming. */
  readonly rollout?: { readonly maxUnavailable: number; readonly maxSurge: number };
  readonly graceSeconds?: number;
  readonly containers?: readonly ContainerChange[];
}

/** What changes of one container; what is absent stays as it is. */
export interface ContainerChange {
  readonly name: string;
  readonly preStopSleepSeconds?: number;
  /** The hook that the sleep replaces: a container may have one handler only, and a merge would keep both. */
  readonly replaces?: PreStopHook;
  readonly memoryLimit?: string;
}

/** The change as a strategic merge patch, in YAML that `kubectl patch` takes. */
export function writePatch(kind: WorkloadRef["kind"], change: WorkloadChange): string {
  return `${["spec:", ...indent([...workloadLines(kind, change), ...podLines(change)])].join("\n")}\n`;
}

function workloadLines(
  kind: WorkloadRef["kind"],
  { replicas, minReadySeconds, rollout }: WorkloadChange,
): readonly string[] {
  return [
    ...(replicas === undefined ? [] : [`replicas: ${replicas}`]),
    ...(minReadySeconds === undefined ? [] : [`minReadySeconds: ${minReadySeconds}`]),
    ...(rollout === undefined
      ? []
      : [
          kind === "Deployment" ? "strategy:" : "updateStrategy:",
          ...indent([
            "type: RollingUpdate",
            "rollingUpdate:",
            ...indent([
              `maxUnavailable: ${rollout.maxUnavailable}`,
              // A StatefulSet has no surge: its pods keep their names.
              ...(kind === "StatefulSet" ? [] : [`maxSurge: ${rollout.maxSurge}`]),
            ]),
          ]),
        ]),
  ];
}

function podLines({ graceSeconds, containers = [] }: WorkloadChange): readonly string[] {
  if (graceSeconds === undefined && containers.length === 0) return [];
  const lines = [
    ...(graceSeconds === undefined ? [] : [`terminationGracePeriodSeconds: ${graceSeconds}`]),
    ...(containers.length === 0 ? [] : ["containers:", ...indent(containers.flatMap(container))]),
  ];
  return ["template:", ...indent(["spec:", ...indent(lines)])];
}

/** The field of the handler that must go; a sleep action is only changed. */
function replacedHandler(hook: PreStopHook | undefined): "exec" | "httpGet" | undefined {
  if (hook?.type === "http-get") return "httpGet";
  return hook?.type === "exec" || (hook?.type === "sleep" && hook.command === true)
    ? "exec"
    : undefined;
}

function container(change: ContainerChange): readonly string[] {
  const { name, preStopSleepSeconds, replaces, memoryLimit } = change;
  const replaced = replacedHandler(replaces);
  const hook = [
    ...(replaced === undefined ? [] : [`${replaced}: null`]),
    "sleep:",
    `  seconds: ${preStopSleepSeconds}`,
  ];
  return [
    `- name: ${scalar(name)}`,
    ...indent([
      ...(memoryLimit === undefined
        ? []
        : ["resources:", ...indent(["limits:", `  memory: ${memoryLimit}`])]),
      ...(preStopSleepSeconds === undefined
        ? []
        : ["lifecycle:", ...indent(["preStop:", ...indent(hook)])]),
    ]),
  ];
}

/** A valid name may be `on` or `12`, which YAML would not read as text. */
function scalar(name: string): string {
  const plain =
    /^[a-z][a-z0-9-]*$/.test(name) && !/^(?:true|false|yes|no|on|off|null|y|n)$/.test(name);
  return plain ? name : JSON.stringify(name);
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
