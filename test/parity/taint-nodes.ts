import { ApiConnection } from "#clusters/kubernetes/api-connection.ts";
import { loadKubeConfig } from "#clusters/kubernetes/load-kubeconfig.ts";
import type { TraceObject } from "./trace.ts";

/**
 * Gives nodes, one after the other, the taints that nodes of the recording cluster had: a control plane that
 * takes no pods is one node less to place them on.
 */
export async function taintNodes(kubeconfig: string, taints: readonly string[]): Promise<void> {
  if (taints.length === 0) return;
  const api = new ApiConnection(await loadKubeConfig({ kubeconfig }));
  const { signal } = new AbortController();
  try {
    const call = { attempt: "list nodes", method: "GET", path: "/api/v1/nodes" } as const;
    const { items } = await api.json<{ readonly items: readonly TraceObject[] }>(call, signal);
    for (const [index, taint] of taints.entries()) {
      const name = items[index]?.metadata.name;
      if (name === undefined)
        throw new Error(`There is no node ${index + 1} to taint with ${taint}.`);
      const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?:(.+)$/.exec(taint) ?? [];
      const body = { spec: { taints: [{ key, ...(value && { value }), effect }] } };
      const path = `/api/v1/nodes/${name}`;
      const contentType = "application/merge-patch+json";
      await api.json(
        { attempt: `taint ${name}`, method: "PATCH", path, body, contentType },
        signal,
      );
    }
  } finally {
    api.close();
  }
}
