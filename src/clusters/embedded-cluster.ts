import type { ImageMapping } from "#domain/scenario.ts";
import { startCluster } from "#embedded/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import { connectCluster } from "./kubernetes/kubernetes-cluster.ts";

export interface EmbeddedClusterOptions {
  readonly images: readonly ImageMapping[];
  /** 3 unless given, so that pods are spread as on a real cluster. */
  readonly nodes?: number;
  /** How long the Service data path takes to learn of an endpoint that changed. */
  readonly dataPathDelayMs?: number;
}

/** Starts a cluster inside this process and meets it as any other: over HTTP, by its kubeconfig. */
export async function startEmbeddedCluster({
  nodes = 3,
  ...options
}: EmbeddedClusterOptions): Promise<Cluster> {
  const { kubeconfig, stop } = await startCluster({ ...options, nodes });
  try {
    const description = `embedded (${nodes} nodes)`;
    return await connectCluster({ kubeconfig, description, stop, reachesClusterIPs: true });
  } catch (error) {
    await stop();
    throw error;
  }
}
