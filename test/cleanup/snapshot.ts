import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Cluster } from "#ports/cluster.ts";

const { signal } = new AbortController();

const KINDS = [
  ["v1", "Node"],
  ["v1", "Namespace"],
  ["v1", "Service"],
  ["v1", "ConfigMap"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["batch/v1", "Job"],
  ["policy/v1", "PodDisruptionBudget"],
] as const;

/** What the cluster has a Lease for by itself: each node's own. */
const NODE_LEASES = "kube-node-lease";

interface NodeStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

/** Every object, without what the server and the controllers count: versions, revisions, times. */
export async function snapshot(client: Cluster): Promise<Readonly<Record<string, unknown>>> {
  const entries: [string, unknown][] = [];
  for (const [apiVersion, kind] of KINDS) {
    for (const object of await client.listObjects({ apiVersion, kind }, signal)) {
      const { metadata, spec } = object;
      const { "deployment.kubernetes.io/revision": _, ...annotations } = metadata.annotations ?? {};
      const { labels = {}, namespace = "", name } = metadata;
      const conditions = kind === "Node" && conditionsOf(object["status"] as NodeStatus); // a Node's
      entries.push([`${kind} ${namespace}/${name}`, { labels, annotations, spec, conditions }]);
    }
  }
  const leases = await client.listObjects(
    { apiVersion: "coordination.k8s.io/v1", kind: "Lease" },
    signal,
  );
  const ours = leases.filter(({ metadata }) => metadata.namespace !== NODE_LEASES);
  return { ...Object.fromEntries(entries), leases: ours.map(({ metadata }) => metadata.name) };
}

function conditionsOf({ conditions = [] }: NodeStatus): Readonly<Record<string, string>> {
  return Object.fromEntries(conditions.map(({ type, status }) => [type, status]));
}

/**
 * Controllers need a moment to follow: with the taint of a node that is schedulable again, with all that was in a
 * namespace.
 */
export async function snapshotEqualTo(before: unknown, client: Cluster): Promise<unknown> {
  for (let tries = 0; ; tries += 1) {
    const after = await snapshot(client);
    if (tries === 200 || isDeepStrictEqual(after, before)) return after;
    await delay(100);
  }
}
