import type { Pod } from "#embedded/api/objects.ts";
import { qosClassOf } from "#embedded/api/qos-class.ts";
import { podSubject } from "./events.ts";
import type { NodeContext } from "./node-context.ts";
import { StatusWriter } from "./status-writer.ts";

/** Why a node does not take a pod; the reason of both the event and the status. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** A pod that the node does not admit fails at once; nothing of it was ever started. */
export function rejectPod(pod: Pod, node: NodeContext, { reason, message }: Rejection): void {
  node.events.record(podSubject(pod), { type: "Warning", reason, message });
  const status = {
    reason,
    message: `Pod was rejected: ${message}`,
    qosClass: qosClassOf(pod.spec),
  };
  new StatusWriter(node.client, pod.metadata).write({ phase: "Failed", ...status }, "terminated");
}
