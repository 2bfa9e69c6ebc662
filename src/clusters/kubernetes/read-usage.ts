import type { ContainerUsage } from "#ports/cluster.ts";
import type { ApiConnection } from "./api-connection.ts";

type Count = "processes" | "descriptors" | "sockets";

const METRICS: Readonly<Record<string, Count>> = {
  container_processes: "processes",
  container_file_descriptors: "descriptors",
  container_sockets: "sockets",
};

/** `container_sockets{container="web",namespace="shop",pod="web-1"} 12 1764000000000`; the time may be missing. */
const LINE = /^(container_[a-z_]+)\{([^}]*)\} (\S+)(?: (\d+))?$/;

/**
 * What the kubelets' cAdvisor counts of the namespace's containers. Whoever may not read `nodes/proxy`,
 * or asks nodes that do not count, gets nothing.
 */
export async function readUsage(
  api: ApiConnection,
  { namespace, nodes }: { readonly namespace: string; readonly nodes: readonly string[] },
  signal: AbortSignal,
): Promise<readonly ContainerUsage[]> {
  const texts = await Promise.all(
    nodes.map(async (node) => {
      const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/metrics/cadvisor`;
      const attempt = `read the metrics of node ${node}`;
      const answer = await api.request({ attempt, method: "GET", path }, signal);
      return answer.status === 200 ? answer.text : "";
    }),
  );
  return texts.flatMap((text) => parseUsage(text, namespace));
}

/** A container of which one of the three counts is missing is left out. */
export function parseUsage(text: string, namespace: string): readonly ContainerUsage[] {
  const containers = new Map<string, Partial<ContainerUsage>>();
  for (const line of text.split("\n")) {
    const [, metric = "", labels = "", value, countedAt = "0"] = LINE.exec(line) ?? [];
    const count = METRICS[metric];
    const [container, pod] = [labelOf(labels, "container"), labelOf(labels, "pod")];
    // The sandbox and the pod as a whole have no container; their counts would come twice.
    if (count === undefined || container === "" || container === "POD") continue;
    if (labelOf(labels, "namespace") !== namespace) continue;
    const key = `${pod}/${container}`;
    const known = containers.get(key) ?? { pod, container, countedAt: Number(countedAt) };
    containers.set(key, { ...known, [count]: Number(value) });
  }
  return [...containers.values()].filter(isComplete);
}

function labelOf(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
}

function isComplete(usage: Partial<ContainerUsage>): usage is ContainerUsage {
  return Object.values(METRICS).every((count) => usage[count] !== undefined);
}
