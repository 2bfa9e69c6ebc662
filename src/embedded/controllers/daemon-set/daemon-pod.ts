import type { Pod, Toleration } from "#embedded/api/objects.ts";
import { NOT_READY, UNREACHABLE, UNSCHEDULABLE } from "#embedded/controllers/nodes/taints.ts";
import { type NewPod, podFromTemplate } from "#embedded/controllers/pods/pod-from-template.ts";
import type { DaemonSet } from "./daemon-set.ts";

/** Names the revision of a pod. */
export const REVISION_LABEL = "controller-revision-hash";

/** A daemon belongs to its node through cordons and trouble, so a drain leaves it alone. */
const TOLERATIONS: readonly Toleration[] = [
  ...[NOT_READY, UNREACHABLE].map((key) => ({ key, effect: "NoExecute" })),
  ...["disk-pressure", "memory-pressure", "pid-pressure"].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    effect: "NoSchedule",
  })),
  { key: UNSCHEDULABLE, effect: "NoSchedule" },
].map((toleration) => ({ ...toleration, operator: "Exists" as const }));

/** A pod for one node. The scheduler binds it, and can bind it nowhere else. */
export function daemonPod(daemonSet: DaemonSet, nodeName: string, hash: string): NewPod {
  const pod = podFromTemplate(daemonSet.spec.template, daemonSet);
  const generation =
    daemonSet.metadata.annotations?.["deprecated.daemonset.template.generation"] ??
    String(daemonSet.metadata.generation ?? 1);
  const own = (pod.spec.tolerations ?? []).filter(
    (toleration) =>
      !TOLERATIONS.some((one) => one.key === toleration.key && one.effect === toleration.effect),
  );
  const affinity = pod.spec["affinity"] as { readonly nodeAffinity?: object } | undefined;
  const onlyThisNode = {
    nodeSelectorTerms: [
      { matchFields: [{ key: "metadata.name", operator: "In", values: [nodeName] }] },
    ],
  };
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: {
        ...pod.metadata.labels,
        [REVISION_LABEL]: hash,
        "pod-template-generation": generation,
      },
    },
    spec: {
      ...pod.spec,
      tolerations: [...own, ...TOLERATIONS.map((toleration) => ({ ...toleration }))],
      affinity: {
        ...affinity,
        nodeAffinity: {
          ...affinity?.nodeAffinity,
          requiredDuringSchedulingIgnoredDuringExecution: onlyThisNode,
        },
      },
    },
  };
}

interface RequiredNode {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly {
        readonly matchFields?: readonly { readonly values?: readonly string[] }[];
      }[];
    };
  };
}

/** The node the pod is on, or was made for when it is not bound yet. */
export function nodeOf({ spec }: Pod): string {
  if ((spec.nodeName ?? "") !== "") return spec.nodeName ?? "";
  const required = (spec["affinity"] as RequiredNode | undefined)?.nodeAffinity
    ?.requiredDuringSchedulingIgnoredDuringExecution;
  return required?.nodeSelectorTerms?.[0]?.matchFields?.[0]?.values?.[0] ?? "";
}
