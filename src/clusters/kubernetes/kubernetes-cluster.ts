import { clusterMachines } from "#clusters/machines/cluster-machines.ts";
import { HarnessError } from "#domain/errors.ts";
import type { Cluster } from "#ports/cluster.ts";
import { ApiConnection } from "./api-connection.ts";
import { apply } from "./apply.ts";
import { clusterObjects } from "./cluster-objects.ts";
import { dataPathWitness } from "./data-path-witness.ts";
import { deletePod } from "./delete-pod.ts";
import { type KubeconfigSource, loadKubeConfig } from "./load-kubeconfig.ts";
import { locateService } from "./locate-service.ts";
import { observe } from "./observe.ts";
import { readGeneration } from "./read-generation.ts";
import { readLogTail } from "./read-log-tail.ts";
import { readUsage } from "./read-usage.ts";

interface ConnectOptions extends KubeconfigSource {
  readonly description: string;
  /** Ends what was started for this cluster; absent for a cluster that was there before. */
  readonly stop?: () => Promise<void>;
  /** Whether cluster IPs lead somewhere from here, as they do from within the cluster. */
  readonly reachesClusterIPs?: boolean;
  /** Where each node tells of the connections that came in at it; absent where none does. */
  readonly witnessPort?: number;
  readonly sharesMachine?: true;
  /** Told what a person who waits wants to know. */
  readonly tell?: (line: string) => void;
}

/** Connects to any cluster of a kubeconfig, and makes sure that it answers and knows the user. */
export async function connectCluster(
  options: ConnectOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<Cluster> {
  const {
    description,
    stop,
    reachesClusterIPs,
    witnessPort,
    sharesMachine,
    tell = () => undefined,
    ...source
  } = options;
  const config = await loadKubeConfig(source);
  const api = new ApiConnection(config, () => loadKubeConfig(source));
  let version: { readonly gitVersion: string };
  try {
    version = await api.json(
      { attempt: `connect to ${description}`, method: "GET", path: "/version", once: true },
      signal,
    );
  } catch (error) {
    api.close();
    throw error;
  }
  const undo: (() => Promise<void>)[] = [];
  const locating = {
    reachesClusterIPs: reachesClusterIPs ?? source.kubeconfig === "in-cluster",
    tell,
    onUndo: (remove: () => Promise<void>) => undo.push(remove),
  };
  return {
    description,
    // The kubeconfig's current context may be another one tomorrow.
    ...(source.kubeconfig === "default" && { foundAs: `context:${config.getCurrentContext()}` }),
    kubernetesVersion: version.gitVersion,
    apply: (objects, signal) => apply(api, objects, signal),
    observe: (scope, onObservation, options) => observe(api, scope, { onObservation, ...options }),
    readGeneration: (workload, signal) => readGeneration(api, workload, signal),
    deletePod: (pod, gracePeriodSeconds, signal) =>
      deletePod(
        api,
        { pod, ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) },
        signal,
      ),
    readLogTail: (container, lines, signal) => readLogTail(api, { container, lines }, signal),
    readUsage: (namespace, nodes, signal) => readUsage(api, { namespace, nodes }, signal),
    locateService: (service, signal) => locateService(api, service, { ...locating, signal }),
    ...clusterObjects(api),
    ...(sharesMachine && { sharesMachine }),
    ...(witnessPort !== undefined && { witness: dataPathWitness(api, witnessPort) }),
    ...clusterMachines(api, description),
    async stop() {
      await undoAll(undo, tell);
      api.close();
      await stop?.();
    },
  };
}

/** Takes away what was put into the cluster; that it could not be done is told, and hides nothing else. */
async function undoAll(undo: (() => Promise<void>)[], tell: (line: string) => void): Promise<void> {
  for (const remove of undo.splice(0)) {
    await remove().catch((error: unknown) => {
      tell(error instanceof HarnessError ? `${error.message} ${error.hint}` : String(error));
    });
  }
}
