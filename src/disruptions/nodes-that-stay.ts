import { MANAGED_BY_SELECTOR } from "#domain/undo-step.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { DisruptionContext } from "./disruption-context.ts";

interface NodeFields {
  readonly status?: { readonly addresses?: readonly { readonly address: string }[] };
}

/**
 * Nodes whose machines must stay on, because the run itself hangs on them: the control plane, entrances of the
 * load, and nodes that carry pods of ours. Their loss would be measured in place of the workload's.
 */
export async function nodesThatStay({
  cluster,
  entrances,
  signal,
}: DisruptionContext): Promise<ReadonlySet<string>> {
  const nodes = await cluster.listObjects({ apiVersion: "v1", kind: "Node" }, signal);
  const query = { apiVersion: "v1", kind: "Pod", labelSelector: MANAGED_BY_SELECTOR };
  const pods = await cluster.listObjects(query, signal);
  const ours = pods.flatMap(
    (pod) => (pod["spec"] as { readonly nodeName?: string }).nodeName ?? [],
  ); // a Pod
  const isNeeded = (node: KubernetesObject) =>
    node.metadata.labels?.["node-role.kubernetes.io/control-plane"] !== undefined ||
    ((node as NodeFields).status?.addresses ?? []).some(({ address }) =>
      entrances.includes(address),
    );
  return new Set([...nodes.filter(isNeeded).map(({ metadata }) => metadata.name), ...ours]);
}
