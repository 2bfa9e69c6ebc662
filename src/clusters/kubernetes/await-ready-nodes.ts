import type { Clock } from "#ports/clock.ts";
import { ApiConnection } from "./api-connection.ts";
import type { ApiNode } from "./api-objects.ts";
import { type KubeconfigSource, loadKubeConfig } from "./load-kubeconfig.ts";
import { ResourceWatch } from "./resource-watch.ts";

/** Resolves when that many nodes are Ready at once; rejects when the signal aborts before. */
export async function awaitReadyNodes(
  source: KubeconfigSource,
  { count, clock }: { readonly count: number; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const api = new ApiConnection(await loadKubeConfig(source));
  const ready = new Set<string>();
  const { promise: allReady, resolve } = Promise.withResolvers<void>();
  const watch = new ResourceWatch<ApiNode>(
    { resource: "nodes", path: "/api/v1/nodes", query: {} },
    {
      changed: (change, node) => {
        if (change !== "deleted" && isReady(node)) ready.add(node.metadata.name);
        else ready.delete(node.metadata.name);
        if (ready.size >= count) resolve();
      },
      gap: () => undefined, // what was missed is listed again
    },
    { api, clock },
  );
  const ended = new AbortController();
  try {
    await watch.list(signal);
    const following = watch.follow(AbortSignal.any([signal, ended.signal]));
    await Promise.race([allReady, following]);
    if (ready.size < count) signal.throwIfAborted();
    ended.abort();
    await following;
  } finally {
    api.close();
  }
}

function isReady({ status }: ApiNode): boolean {
  return (
    status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false
  );
}
