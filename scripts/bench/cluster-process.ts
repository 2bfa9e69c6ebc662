import { startCluster } from "#embedded/index.ts";

/** What the process of a cluster tells its parent. */
export type ClusterMessage =
  | { readonly type: "started"; readonly kubeconfig: string; readonly startMs: number }
  | { readonly type: "usage"; readonly cpuMs: number; readonly rssMb: number };

/*
 * A cluster in a process of its own, so that what it needs is told apart from what its clients need. It
 * answers every message with its usage so far, and ends when its parent goes.
 */
const beginMs = performance.now();
const cluster = await startCluster({ nodes: Number(process.argv[2] ?? 3) });
send({ type: "started", kubeconfig: cluster.kubeconfig, startMs: performance.now() - beginMs });
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  send({
    type: "usage",
    cpuMs: (user + system) / 1000,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
  });
});
process.once("disconnect", () => void cluster.stop());

function send(message: ClusterMessage): void {
  process.send?.(message);
}
