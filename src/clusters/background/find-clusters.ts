import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { type ClusterHome, clusterHome } from "./cluster-home.ts";
import { type ClusterRecord, readRecord } from "./cluster-record.ts";
import { connectControl } from "./control-socket.ts";

/** A background cluster that left something on disk, and whether its process still lives. */
export interface FoundCluster {
  readonly name: string;
  /** `ended`: the process is gone and could not clean up, because it was killed or crashed. */
  readonly state: "running" | "starting" | "ended";
  readonly kubeconfig: string;
  /** Absent when it ended before it could say anything of itself. */
  readonly record?: ClusterRecord;
  /** The last that an ended process had to say; empty for one that was killed. */
  readonly lastWords: string;
}

/** Undefined when there is no cluster of that name, and nothing left of one. */
export async function findCluster(home: ClusterHome): Promise<FoundCluster | undefined> {
  if (!existsSync(home.directory)) return undefined;
  const control = await connectControl(home.socket);
  control?.destroy();
  const record = await readRecord(home);
  // It may have ended in good order while we looked.
  if (control === undefined && !existsSync(home.directory)) return undefined;
  const alive = record?.url === undefined ? "starting" : "running";
  return {
    name: home.name,
    state: control === undefined ? "ended" : alive,
    kubeconfig: home.kubeconfig,
    ...(record !== undefined && { record }),
    lastWords: control === undefined ? await readLastWords(home) : "",
  };
}

/** All of them, by name. */
export async function findClusters(clusters: string): Promise<readonly FoundCluster[]> {
  const names = await readdir(clusters).catch(() => []); // nobody has ever started one
  const found = names
    .filter((name) => !name.startsWith("."))
    .toSorted()
    .map((name) => findCluster(clusterHome(clusters, name)));
  return (await Promise.all(found)).filter((cluster) => cluster !== undefined);
}

const LAST_WORDS_LINES = 12;

async function readLastWords({ log }: ClusterHome): Promise<string> {
  const text = await readFile(log, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-LAST_WORDS_LINES).join("\n");
}
