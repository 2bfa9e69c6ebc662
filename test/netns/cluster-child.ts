import { startCluster } from "#embedded/index.ts";

/* A cluster in a process of its own, to be killed. Says how to reach it, or why it could not start. */
const podNetwork = process.argv[2] as "netns" | "auto"; // by whoever forks this file
try {
  const { kubeconfig, podNetwork: chosen, podNetworkBecause } = await startCluster({ podNetwork });
  process.send?.({ kubeconfig, chosen, podNetworkBecause });
} catch (error) {
  process.send?.({ error: String(error) });
  process.exit(1);
}
