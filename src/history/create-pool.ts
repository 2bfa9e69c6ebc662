import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { RUN_FILES } from "./run-folder.ts";

/** What stands in a pool's folder: whose histories it is made of. */
export interface PoolFile {
  /** How many repetitions there may be. */
  readonly planned: number;
  /** Their folders in their order, relative to the pool's own. */
  readonly runs: readonly string[];
}

/** Makes, or brings up to date, the folder of the repetitions that began with `runs[0]`; returns it. */
export async function createPool(runs: readonly string[], planned: number): Promise<string> {
  const [first] = runs;
  if (first === undefined) throw new RangeError("A pool needs at least one run.");
  const directory = `${first}-pool`;
  await mkdir(directory, { recursive: true });
  const pool: PoolFile = { planned, runs: runs.map((run) => relative(directory, run)) };
  await writeFile(join(directory, RUN_FILES.pool), `${JSON.stringify(pool, undefined, 2)}\n`);
  return directory;
}
