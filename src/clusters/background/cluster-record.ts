import { readFile, rename, writeFile } from "node:fs/promises";
import type { ClusterHome } from "./cluster-home.ts";

/** What a background cluster writes down about itself, for those who come later. */
export interface ClusterRecord {
  readonly name: string;
  readonly pid: number;
  readonly nodes: number;
  readonly startedAt: string;
  /** Absent until the API answers. */
  readonly url?: string;
  /** How its pods have got their addresses, and why not otherwise, where that was left to the cluster. */
  readonly podNetwork?: string;
}

/** Replaces the record whole, so that nobody reads half of one. */
export async function writeRecord(home: ClusterHome, record: ClusterRecord): Promise<void> {
  await writePrivate(home.record, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Undefined when there is none: the process was killed before it wrote one. */
export async function readRecord(home: ClusterHome): Promise<ClusterRecord | undefined> {
  try {
    return JSON.parse(await readFile(home.record, "utf8")) as ClusterRecord; // written by writeRecord
  } catch {
    return undefined;
  }
}

/** A file that only this user can read, there as a whole or not at all. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const unfinished = `${path}.new`;
  await writeFile(unfinished, text, { mode: 0o600 });
  await rename(unfinished, path);
}
