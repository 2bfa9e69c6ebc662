import {
  type BackgroundClusters,
  backgroundClusters,
} from "#clusters/background/background-clusters.ts";
import type { FoundCluster } from "#clusters/background/find-clusters.ts";
import type { StopOutcome } from "#clusters/background/stop-background-cluster.ts";
import {
  type Asking,
  type ClusterSettings,
  type ClusterSupply,
  clusterSupply,
} from "#clusters/cluster-supply.ts";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import { loadKubeConfig } from "#clusters/kubernetes/load-kubeconfig.ts";
import { type Allowance, requireAllowed } from "#domain/allowance.ts";
import { UsageError } from "#domain/errors.ts";
import type { Scenario } from "#domain/scenario.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Cluster } from "#ports/cluster.ts";
import { createRunClock } from "./run-clock.ts";

/*
 * Which cluster is meant by what the user chose: part of the composition root.
 */

export type { BackgroundClusters, ClusterSettings, ClusterSupply, FoundCluster, StopOutcome };

/** Gets clusters of the user's choice, for as many runs as ask; `close` ends what outlives them. */
export function supplyClusters(choice: string, settings: ClusterSettings = {}): ClusterSupply {
  return clusterSupply(choice, settings, createRunClock());
}

/**
 * A cluster that is not there is a slip of the keyboard, whatever is allowed. A plan connects to nothing, so it may do
 * without a kubeconfig that can be read.
 */
export async function requireKnownCluster(
  choice: string,
  { planned = false }: { readonly planned?: boolean } = {},
): Promise<void> {
  supplyClusters(choice); // it opens nothing until a run asks, and knows every kind of choice
  const context = /^context:(.+)$/.exec(choice)?.[1];
  if (context === undefined) return;
  try {
    await loadKubeConfig({ kubeconfig: "default", context });
  } catch (error) {
    if (!planned || error instanceof UsageError) throw error;
  }
}

/** A cluster of the user's choice for one run; stopping it ends all that was started for it. */
export async function openCluster(
  choice: string,
  scenario: Scenario,
  { settings, ...asking }: Asking & { readonly settings?: ClusterSettings },
): Promise<Cluster> {
  const supply = supplyClusters(choice, settings);
  try {
    const cluster = await supply.open(scenario, asking);
    const stop = async () => {
      await cluster.stop();
      await supply.close(asking.tell);
    };
    return { ...cluster, stop };
  } catch (error) {
    await supply.close(asking.tell);
    throw error;
  }
}

/** The workloads and Services of a namespace of the user's kubeconfig; nothing is changed. */
export async function readWorkloads(
  { namespace, context }: { readonly namespace: string; readonly context?: string },
  signal: AbortSignal,
): Promise<{ readonly context: string; readonly objects: readonly KubernetesObject[] }> {
  const description = context === undefined ? "the current context" : `context ${context}`;
  const source = { kubeconfig: "default", ...(context !== undefined && { context }) } as const;
  const cluster = await connectCluster({ ...source, description }, signal);
  try {
    const list = (apiVersion: string, kind: string) =>
      cluster.listObjects({ apiVersion, kind, namespace }, signal);
    const kinds = ["Deployment", "StatefulSet", "DaemonSet"].map((kind) => list("apps/v1", kind));
    const objects = (await Promise.all([list("v1", "Service"), ...kinds])).flat();
    return { context: cluster.foundAs?.replace("context:", "") ?? "", objects };
  } finally {
    await cluster.stop();
  }
}

/** Applies objects to the current context of the kubeconfig, where that is allowed; returns its name. */
export async function applyHere(
  objects: readonly KubernetesObject[],
  allow: Allowance,
  signal: AbortSignal,
): Promise<string> {
  const context = (await loadKubeConfig({ kubeconfig: "default" })).getCurrentContext();
  const namespaces = objects.flatMap(({ metadata }) => metadata.namespace ?? []);
  requireAllowed({ cluster: `context:${context}`, namespaces: [...new Set(namespaces)] }, allow);
  const description = `context ${context}`;
  const cluster = await connectCluster({ kubeconfig: "default", context, description }, signal);
  try {
    await cluster.apply(objects, signal);
    return context;
  } finally {
    await cluster.stop();
  }
}

/** The clusters of this user that run in processes of their own. */
export function openBackgroundClusters(): BackgroundClusters {
  return backgroundClusters({ env: process.env, clock: createRunClock() });
}
