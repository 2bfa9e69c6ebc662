import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import type { PoolFile } from "#history/create-pool.ts";
import { RUN_FILES } from "#history/run-folder.ts";
import { isSignatureFile } from "./run-signature.ts";

/**
 * SHA-256 of each file of a run but the signatures, by its path from the run's folder. A series of
 * repetitions rests on the folders that it names, so that their files are part of it.
 */
export async function digestFiles(directory: string): Promise<Readonly<Record<string, string>>> {
  const folders = [".", ...(await repetitions(directory))];
  const digests: Record<string, string> = {};
  for (const folder of folders) {
    for (const path of await filesBelow(join(directory, folder))) {
      digests[posix.join(folder, path)] = await digest(join(directory, folder, path));
    }
  }
  return digests;
}

async function repetitions(directory: string): Promise<readonly string[]> {
  const file = join(directory, RUN_FILES.pool);
  if (!existsSync(file)) return [];
  const { runs } = JSON.parse(await readFile(file, "utf8")) as PoolFile; // written by createPool
  return runs.map((run) => run.split(sep).join("/"));
}

async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .map((path) => path.split(sep).join("/"))
    .filter((path) => !isSignatureFile(path))
    .toSorted();
}

async function digest(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
