import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { HarnessError } from "#domain/errors.ts";
import type { PodNetworkChoice } from "#domain/pod-network.ts";
import type { ImageMapping } from "#domain/scenario.ts";
import { type ClusterHome, homeIn, prepareHome } from "./cluster-home.ts";
import type { ClusterReport, StartCluster } from "./cluster-messages.ts";

/** What a new background cluster is to be. */
export interface BackgroundStart {
  readonly nodes: number;
  readonly images: readonly ImageMapping[];
  readonly podNetwork?: PodNetworkChoice;
}

/**
 * Starts the cluster in a process that outlives this one, in a session of its own. Resolves when the API
 * answers, or with `taken` when another process has got the name meanwhile; on failure nothing is left.
 */
export async function startBackgroundCluster(
  home: ClusterHome,
  start: BackgroundStart,
): Promise<"started" | "taken"> {
  const staging = join(dirname(home.directory), `.${randomBytes(4).toString("hex")}`);
  const staged = homeIn(staging, home.name);
  await using log = await prepareHome(staged);
  const child = fork(
    fileURLToPath(import.meta.resolve("#clusters/background/cluster-process.ts")),
    {
      detached: true,
      stdio: ["ignore", log.fd, log.fd, "ipc"],
    },
  );
  try {
    const { name, directory } = home;
    const report = await converse(child, { name, staging, directory, ...start });
    if (report.type === "failed") throw startFailed(home, report.reason);
    return report.type;
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    const words = await readFile(home.log, "utf8").catch(() => readFile(staged.log, "utf8"));
    throw startFailed(home, words.trim() || String(error));
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
    await rm(staging, { recursive: true, force: true });
  }
}

async function converse(child: ChildProcess, start: StartCluster): Promise<ClusterReport> {
  const { promise, resolve, reject } = Promise.withResolvers<ClusterReport>();
  child.once("message", (report: ClusterReport) => resolve(report));
  child.once("error", reject);
  child.once("exit", (code, signal) =>
    reject(new Error(`The process ended with ${signal ?? code} before the cluster was there.`)),
  );
  child.send(start, (error) => {
    if (error !== null) reject(error);
  });
  return await promise;
}

function startFailed({ name }: ClusterHome, reason: string): HarnessError {
  return new HarnessError("CLUSTER_START_FAILED", `Could not start cluster ${name}: ${reason}`, {
    hint: "Nothing of it is left. `lastcall run` starts a cluster in its own process and would fail for the same reason.",
  });
}
