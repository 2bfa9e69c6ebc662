import { rename, rm } from "node:fs/promises";
import { type EmbeddedCluster, NetnsUnavailableError, startCluster } from "#embedded/index.ts";
import { type ClusterHome, homeIn } from "./cluster-home.ts";
import type { ClusterReport, StartCluster } from "./cluster-messages.ts";
import { type ClusterRecord, writePrivate, writeRecord } from "./cluster-record.ts";
import { listenForControl } from "./control-socket.ts";

/*
 * The process in which a background cluster lives. It serves its control socket before its home gets the
 * name that others look for: the rename is what makes a name taken, and who sees a home without a living
 * socket knows for sure that its process has gone.
 */

const stopping = new AbortController();
const stop = () => stopping.abort(new Error("the cluster was asked to stop"));

async function live(start: StartCluster): Promise<void> {
  const { name, staging, directory, nodes, images, podNetwork } = start;
  const home = homeIn(directory, name);
  await listenForControl(homeIn(staging, name).socket, stop);
  const record = { name, pid: process.pid, nodes, startedAt: new Date().toISOString() };
  await writeRecord(homeIn(staging, name), record);
  if (!(await claim(staging, directory))) {
    await rm(staging, { recursive: true, force: true });
    return await report({ type: "taken" });
  }
  let cluster: EmbeddedCluster | undefined;
  try {
    cluster = await startCluster({
      ...{ nodes, images, signal: stopping.signal },
      ...(podNetwork && { podNetwork }),
    });
    await announce(home, cluster, record);
    await stopped();
  } finally {
    await cluster?.stop();
    await rm(home.directory, { recursive: true, force: true });
  }
}

async function announce(
  home: ClusterHome,
  { kubeconfig, url, podNetwork: type, podNetworkBecause: why }: EmbeddedCluster,
  record: ClusterRecord,
): Promise<void> {
  await writePrivate(home.kubeconfig, kubeconfig);
  const podNetwork = why === undefined ? type : `${type}, because ${why}`;
  await writeRecord(home, { ...record, url, podNetwork });
  process.off("disconnect", stop);
  await report({ type: "started" });
  if (process.connected) process.disconnect();
}

/** False when there is a home already; a directory is never moved onto one that holds something. */
async function claim(staging: string, directory: string): Promise<boolean> {
  try {
    await rename(staging, directory);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // of a file system call
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    throw error;
  }
}

async function stopped(): Promise<void> {
  if (stopping.signal.aborted) return;
  await new Promise<void>((resolve) => {
    stopping.signal.addEventListener("abort", () => resolve());
  });
}

/** Resolves when the report has left, or when nobody is there any more to read it. */
async function report(message: ClusterReport): Promise<void> {
  if (!process.connected) return;
  const { promise: left, resolve } = Promise.withResolvers<void>();
  process.send?.(message, undefined, undefined, () => resolve());
  await left;
}

function reasonOf(error: unknown): string {
  if (error instanceof NetnsUnavailableError) return `${error.message}. ${error.hint}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, stop);
// The terminal may close; that is what the cluster is in the background for.
process.on("SIGHUP", () => {});
// Whoever wanted the cluster has gone before it was there.
process.on("disconnect", stop);
process.once("message", (start: StartCluster) => {
  live(start)
    .then(() => process.exit(0))
    .catch(async (error: unknown) => {
      const reason = reasonOf(error);
      await report({ type: "failed", reason });
      process.exit(1);
    });
});
