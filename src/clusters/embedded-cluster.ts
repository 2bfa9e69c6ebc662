import { HarnessError } from "#domain/errors.ts";
import type { PodNetworkChoice } from "#domain/pod-network.ts";
import type { ImageMapping } from "#domain/scenario.ts";
import {
  CONNECTIONS_PORT,
  type EmbeddedCluster,
  NetnsUnavailableError,
  startCluster,
} from "#embedded/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import { connectCluster } from "./kubernetes/kubernetes-cluster.ts";

export interface EmbeddedClusterOptions {
  readonly images: readonly ImageMapping[];
  /** 3 unless given, so that pods are spread as on a real cluster. */
  readonly nodes?: number;
  /** How long the Service data path takes to learn of an endpoint that changed. */
  readonly dataPathDelayMs?: number;
  /** Whether pods share the network of this machine; they do unless this says otherwise. */
  readonly podNetwork?: PodNetworkChoice;
}

/** Starts a cluster inside this process and meets it as any other: over HTTP, by its kubeconfig. */
export async function startEmbeddedCluster({
  nodes = 3,
  ...options
}: EmbeddedClusterOptions): Promise<Cluster> {
  const cluster = await startCluster({ ...options, nodes }).catch(explainNetns);
  const { kubeconfig } = cluster;
  const stop = () => cluster.stop();
  try {
    const description = `embedded (${nodes} nodes${describePodNetwork(cluster)})`;
    return await connectCluster({
      ...{ kubeconfig, description, stop },
      reachesClusterIPs: true,
      witnessPort: CONNECTIONS_PORT,
      sharesMachine: true,
    });
  } catch (error) {
    await stop();
    throw error;
  }
}

function describePodNetwork({ podNetwork, podNetworkBecause }: EmbeddedCluster): string {
  if (podNetwork === "netns") return ", pod network netns";
  if (podNetworkBecause === undefined) return "";
  return `, pod network process: ${podNetworkBecause}`;
}

function explainNetns(error: unknown): never {
  if (!(error instanceof NetnsUnavailableError)) throw error;
  throw new HarnessError("NETNS_UNAVAILABLE", error.message, { hint: error.hint, cause: error });
}
