import type { Node, Pod } from "#embedded/api/objects.ts";
import { selectsNode } from "#embedded/controllers/nodes/node-selection.ts";
import { effectiveTaints, untoleratedTaint } from "#embedded/controllers/nodes/taints.ts";
import { daemonPod } from "./daemon-pod.ts";
import type { DaemonSet } from "./daemon-set.ts";

/** What a DaemonSet wants of a node. */
export interface NodeDuty {
  readonly shouldRun: boolean;
  /** A pod that is there may stay, even where a new one would not be started. */
  readonly mayStay: boolean;
}

/** Whether the DaemonSet wants a pod on the node: asked of the pod that it would make for it. */
export function nodeDuty(daemonSet: DaemonSet, node: Node): NodeDuty {
  const { nodeSelector, affinity } = daemonSet.spec.template.spec;
  const ofTemplate = { spec: { containers: [], nodeSelector, affinity } } as unknown as Pod;
  if (!selectsNode(ofTemplate, node)) return { shouldRun: false, mayStay: false };
  const pod = daemonPod(daemonSet, node.metadata.name, "") as unknown as Pod;
  const taints = effectiveTaints(node);
  const expelled = untoleratedTaint(pod, taints, ["NoExecute"]) !== undefined;
  const refused = untoleratedTaint(pod, taints, ["NoSchedule", "NoExecute"]) !== undefined;
  return { shouldRun: !refused, mayStay: !expelled };
}
