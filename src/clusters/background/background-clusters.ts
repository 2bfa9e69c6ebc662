import { readFile } from "node:fs/promises";
import { awaitReadyNodes } from "#clusters/kubernetes/await-ready-nodes.ts";
import { HarnessError } from "#domain/errors.ts";
import type { Clock } from "#ports/clock.ts";
import { type ClusterHome, clusterHome, clustersDirectory } from "./cluster-home.ts";
import { type FoundCluster, findCluster, findClusters } from "./find-clusters.ts";
import { type BackgroundStart, startBackgroundCluster } from "./start-background-cluster.ts";
import { type StopOutcome, stopBackgroundCluster } from "./stop-background-cluster.ts";

/** Embedded clusters that outlive the process which started them, by name. */
export interface BackgroundClusters {
  /** Undefined when there is none of that name, and nothing left of one. */
  find(name: string): Promise<FoundCluster | undefined>;
  list(): Promise<readonly FoundCluster[]>;
  /** Resolves when the API answers and all nodes are Ready; on failure nothing is left. */
  start(name: string, options: BackgroundStart): Promise<FoundCluster>;
  /** Ends one, or clears away what a killed one has left. */
  stop(name: string): Promise<StopOutcome>;
}

const NODES_READY_LIMIT_MS = 60_000;

/** Those of the user whose environment this is. */
export function backgroundClusters({
  env,
  clock,
}: {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
}): BackgroundClusters {
  const clusters = clustersDirectory(env);
  return {
    find: async (name) => await findCluster(clusterHome(clusters, name)),
    list: async () => await findClusters(clusters),
    start: (name, options) => startReady(clusterHome(clusters, name), options, clock),
    stop: async (name) => await stopBackgroundCluster(clusterHome(clusters, name), { clock }),
  };
}

async function startReady(
  home: ClusterHome,
  options: BackgroundStart,
  clock: Clock,
): Promise<FoundCluster> {
  const there = await findCluster(home);
  if (there?.state === "starting") throw startedByAnother(home.name);
  const answer = await startBackgroundCluster(home, options);
  const found = await findCluster(home);
  if (answer === "taken") throw startedByAnother(home.name);
  if (found?.record === undefined || found.state !== "running") {
    throw new HarnessError("CLUSTER_GONE", `Cluster ${home.name} was stopped while it started.`, {
      hint: "Somebody else works with a cluster of that name: choose another with --name.",
    });
  }
  const source = { kubeconfig: await readFile(found.kubeconfig, "utf8") };
  const nodes = { count: found.record.nodes, clock };
  try {
    await awaitReadyNodes(source, nodes, AbortSignal.timeout(NODES_READY_LIMIT_MS));
  } catch (error) {
    await stopBackgroundCluster(home, { clock });
    throw error;
  }
  return found;
}

function startedByAnother(name: string): HarnessError {
  return new HarnessError(
    "CLUSTER_STARTING",
    `Cluster ${name} is being started by another process.`,
    {
      hint: "Try again when `lastcall cluster status` shows it Running, or choose another --name.",
    },
  );
}
