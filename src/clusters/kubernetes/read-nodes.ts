import type { ApiConnection } from "./api-connection.ts";
import { refusal } from "./api-errors.ts";
import type { ApiList, ApiNode, ApiPod, ApiService } from "./api-objects.ts";
import { coreCollection } from "./api-paths.ts";
import { addressesOf, areKindNodes, type NodeAddresses } from "./service-ways.ts";

/** The cluster's nodes, as far as this user may know them. */
export interface KnownNodes {
  readonly addresses: readonly NodeAddresses[];
  readonly areKind: boolean;
  /** What could not be found out, for an error that lists what was tried. */
  readonly remarks: readonly string[];
}

/**
 * Nodes are cluster-wide, so a Role does not allow them. Then those count that run a pod of the Service:
 * each pod names its node's address.
 */
export async function readNodes(
  api: ApiConnection,
  { namespace, service }: { readonly namespace: string; readonly service: ApiService },
  signal: AbortSignal,
): Promise<KnownNodes> {
  const attempt = "list nodes";
  const answer = await api.request({ attempt, method: "GET", path: "/api/v1/nodes" }, signal);
  if (answer.status === 200) {
    const nodes = (answer.body as ApiList<ApiNode>).items ?? []; // the path says which kind it is
    return { addresses: addressesOf(nodes), areKind: areKindNodes(nodes), remarks: [] };
  }
  if (answer.status !== 403) throw refusal(attempt, answer);
  const hosts = await hostsOfPods(api, { namespace, service }, signal);
  return {
    addresses: hosts.map((host) => ({ internal: [host], external: [] })),
    areKind: false,
    remarks: ["all nodes (may not list nodes: those with a pod of the Service were taken)"],
  };
}

async function hostsOfPods(
  api: ApiConnection,
  { namespace, service }: { readonly namespace: string; readonly service: ApiService },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const labels = Object.entries(service.spec.selector ?? {});
  if (labels.length === 0) return [];
  const { items = [] } = await api.json<ApiList<ApiPod>>(
    {
      attempt: `list pods in namespace ${namespace}`,
      method: "GET",
      path: coreCollection(namespace, "pods"),
      query: { labelSelector: labels.map(([key, value]) => `${key}=${value}`).join(",") },
    },
    signal,
  );
  return [...new Set(items.flatMap(({ status }) => status?.hostIP ?? []))];
}
