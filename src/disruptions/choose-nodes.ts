import { readyPods } from "#domain/cluster-view.ts";
import { HarnessError } from "#domain/errors.ts";
import type { KubernetesObject, WorkloadRef } from "#domain/workload.ts";
import type { DisruptionContext } from "./disruption-context.ts";

/** What a node's spec and status say that matters here. */
interface NodeFields {
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly effect: string }[];
  };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface NodeChoice {
  readonly workload: WorkloadRef;
  readonly count: number;
  /** Not to be chosen. */
  readonly staying?: ReadonlySet<string>;
}

/**
 * The nodes that carry most pods of the workload, by name. It is refused before anything is touched when
 * no other node would be left to take the pods over.
 */
export async function chooseNodes(
  { workload, count, staying }: NodeChoice,
  { cluster, observed, signal }: DisruptionContext,
): Promise<readonly string[]> {
  const nodes = await cluster.listObjects({ apiVersion: "v1", kind: "Node" }, signal);
  const loads = Map.groupBy(readyPods(observed.view), ({ node }) => node ?? "");
  // Whoever carries its pods already, or keeps nobody away: kind's control plane is Ready, but takes no pods.
  const usable = nodes
    .filter((node) => isUsable(node) && (loads.has(node.metadata.name) || !keepsAway(node)))
    .map(({ metadata }) => metadata.name);
  const carrying = usable
    .filter((name) => loads.has(name) && staying?.has(name) !== true)
    .toSorted(
      (a, b) => (loads.get(b)?.length ?? 0) - (loads.get(a)?.length ?? 0) || a.localeCompare(b),
    );
  if (carrying.length < count) {
    throw new HarnessError(
      "NO_TARGET",
      `Could not choose ${count} node(s): ${carrying.length} schedulable node(s) carry ready pods of ${workload.name}${describeStaying(staying)}.`,
      { hint: `Ask for at most ${carrying.length}, or give the workload more replicas.` },
    );
  }
  if (usable.length <= count) {
    throw new HarnessError(
      "NO_OTHER_NODE",
      `Could not take ${count} node(s) away: only ${usable.length} are ready, schedulable and without a taint, so the pods would have nowhere to go.`,
      {
        hint: "Use a cluster with more nodes; --cluster embedded has 3, and a kind cluster can have more workers.",
      },
    );
  }
  return carrying.slice(0, count);
}

function describeStaying(staying: ReadonlySet<string> | undefined): string {
  if (staying === undefined || staying.size === 0) return "";
  return ` and may be turned off; ${[...staying].join(", ")} must stay for the load or the cluster itself`;
}

/** How many ready pods of the workload are on these nodes. */
export function podsOf(nodes: readonly string[], { observed }: DisruptionContext): number {
  return readyPods(observed.view).filter(({ node }) => nodes.includes(node ?? "")).length;
}

function keepsAway(node: KubernetesObject): boolean {
  const { taints = [] } = (node as NodeFields).spec ?? {}; // a node of the API
  return taints.some(({ effect }) => effect === "NoSchedule" || effect === "NoExecute");
}

function isUsable(node: KubernetesObject): boolean {
  const { spec, status } = node as NodeFields; // a node of the API
  const ready = status?.conditions?.some(
    (condition) => condition.type === "Ready" && condition.status === "True",
  );
  return ready === true && spec?.unschedulable !== true;
}
