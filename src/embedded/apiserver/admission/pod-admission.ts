import type { KubeObject, Pod, Toleration } from "#embedded/api/objects.ts";
import { qosClassOf } from "#embedded/api/qos-class.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { forbiddenFor } from "#embedded/apiserver/status/refusals.ts";
import { applyLimitRanges } from "./limit-ranges.ts";
import { applyRuntimeClass } from "./runtime-class.ts";
import { mountServiceAccount } from "./service-account-volume.ts";

/** What admission plugins and the pod strategy add to a new pod: account, tolerations, priority, status. */
export function preparePod(draft: KubeObject, context: ServerContext): void {
  const pod = draft as Pod;
  const { spec } = pod;
  spec["enableServiceLinks"] ??= true;
  spec["serviceAccountName"] ??= "default";
  spec["serviceAccount"] = spec["serviceAccountName"];
  spec.tolerations = withDefaultTolerations(spec.tolerations ?? []);
  setPriority(pod, context);
  applyRuntimeClass(pod, context);
  applyLimitRanges(pod, context);
  mountServiceAccount(pod, context);
  pod.status = { phase: "Pending", qosClass: qosClassOf(spec) };
  if ((spec["schedulingGates"] as readonly unknown[] | undefined)?.length) {
    const message = "Scheduling is blocked due to non-empty scheduling gates";
    const condition = { type: "PodScheduled", status: "False", reason: "SchedulingGated" } as const;
    pod.status.conditions = [
      { ...condition, message, lastProbeTime: null, lastTransitionTime: null },
    ];
  }
}

/** A pod stays five minutes on a node that stopped answering, unless it says otherwise. */
function withDefaultTolerations(given: readonly Toleration[]): Toleration[] {
  const added = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]
    .filter((key) => !given.some((toleration) => toleratesNoExecute(toleration, key)))
    .map((key) => {
      const everywhere = { key, operator: "Exists", effect: "NoExecute" } as const;
      return { ...everywhere, tolerationSeconds: 300 };
    });
  return [...given, ...added];
}

function toleratesNoExecute({ key, effect }: Toleration, taint: string): boolean {
  const keyMatches = key === taint || (key ?? "") === "";
  const effectMatches = effect === "NoExecute" || (effect ?? "") === "";
  return keyMatches && effectMatches;
}

/** The two classes that every cluster has: by name, the value. */
export const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  "system-node-critical": 2_000_001_000,
  "system-cluster-critical": 2_000_000_000,
};

function setPriority({ metadata, spec }: Pod, { store }: ServerContext): void {
  const name = spec.priorityClassName ?? "";
  const classes = "scheduling.k8s.io/priorityclasses";
  const chosen =
    name === ""
      ? store.entries(classes).find(([, object]) => object["globalDefault"] === true)?.[1]
      : store.get(classes, name);
  if (name !== "" && chosen === undefined) {
    const why = `no PriorityClass with name ${name} was found`;
    throw forbiddenFor({ group: "", plural: "pods" }, metadata.name, { why });
  }
  if (chosen !== undefined) spec.priorityClassName = chosen.metadata.name;
  spec.priority = Number(chosen?.["value"] ?? 0);
  spec["preemptionPolicy"] ??= chosen?.["preemptionPolicy"] ?? "PreemptLowerPriority";
}
