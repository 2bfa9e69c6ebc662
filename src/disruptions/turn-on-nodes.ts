import { nodeRef, shortRef } from "#domain/object-ref.ts";
import type { UndoStep } from "#domain/undo-step.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { reportAction } from "./report-action.ts";

type MachineStep = Extract<UndoStep, { type: "machine" }>;

interface PodFields {
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
  };
}

/** What a kubelet gives as the reason for a pod that it ended, or turned away, because its node shut down. */
const REASONS = ["Terminated", "NodeShutdown"];

/** Turns on again, in the middle of a run, what this run has turned off. */
export async function performTurnOnNodes(context: DisruptionContext): Promise<void> {
  const { cluster, undo, signal } = context;
  const steps = undo.steps.filter((step) => step.type === "machine");
  for (const step of steps) {
    await reportAction(
      {
        verb: "turn-on",
        object: shortRef(nodeRef(step.node)),
        act: () => turnOn(step, cluster, signal),
        describe: (answer) => answer,
      },
      context,
    );
    await undo.forget(step);
  }
}

/**
 * Turns a node's machine on, and removes the pods of the namespace that ended with
 * it: they have ended for good, others have taken their place, and nobody else removes them. May be done twice.
 */
export async function turnOn(
  { node, namespace }: MachineStep,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<"turned-on" | "was-on"> {
  const answer = await cluster.turnOnNode(node, signal);
  const query = { apiVersion: "v1", kind: "Pod", namespace };
  const pods = await cluster.listObjects(
    { ...query, fieldSelector: `spec.nodeName=${node}` },
    signal,
  );
  for (const pod of pods.filter(endedWithNode)) {
    const { name, uid } = pod.metadata as { readonly name: string; readonly uid?: string }; // the API's
    await cluster.deletePod({ namespace, name, ...(uid !== undefined && { uid }) }, 0, signal);
  }
  return answer;
}

function endedWithNode(pod: KubernetesObject): boolean {
  const { phase, reason = "" } = (pod as PodFields).status ?? {};
  return (phase === "Failed" || phase === "Succeeded") && REASONS.includes(reason);
}
