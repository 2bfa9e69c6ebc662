import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PoolFile } from "./create-pool.ts";
import { RUN_FILES } from "./run-folder.ts";
import { isSignatureFile } from "./signatures/run-signature.ts";

/**
 * Deletes the folders of old runs and returns their names. `latestFirst` are the judged runs of the folder; the
 * first `keep` stay, and so does whatever somebody has signed or a series that stays is made of.
 */
export async function pruneRuns(
  reportsDir: string,
  latestFirst: readonly string[],
  keep: number,
): Promise<readonly string[]> {
  const staying = new Set(latestFirst.slice(0, keep));
  for (const folder of latestFirst) {
    if (await isSigned(join(reportsDir, folder))) staying.add(folder);
  }
  for (const folder of [...staying]) {
    for (const part of await partsOf(join(reportsDir, folder))) staying.add(part);
  }
  const leaving = latestFirst.filter((folder) => !staying.has(folder));
  for (const folder of leaving) await rm(join(reportsDir, folder), { recursive: true });
  return leaving;
}

async function isSigned(directory: string): Promise<boolean> {
  return (await readdir(directory)).some(isSignatureFile);
}

/** The folders that a series is made of. */
async function partsOf(directory: string): Promise<readonly string[]> {
  const file = join(directory, RUN_FILES.pool);
  if (!existsSync(file)) return [];
  const { runs } = JSON.parse(await readFile(file, "utf8")) as PoolFile; // written by createPool
  return runs.map((run) => basename(run));
}
