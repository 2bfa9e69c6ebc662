import { existsSync } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ListedRun } from "#domain/listed-run.ts";

/*
 * What is known of the runs below a reports folder. The folders are the truth; `index.sqlite` only spares
 * reading a thousand results again for the one that is new, and may be deleted at any time.
 */

const INDEX_FILE = "index.sqlite";
const RESULT_FILE = "result.json";

/** Raised when rows of an older version would be misread; the index is then made anew. */
const INDEX_VERSION = 1;

/** Turns a `result.json` into its line; undefined where it is none. */
export type ReadListedRun = (text: string, folder: string) => ListedRun | undefined;

/** Every judged run below the folder, the latest first. Reads only the results that changed since the last call. */
export async function listRuns(
  reportsDir: string,
  read: ReadListedRun,
): Promise<readonly ListedRun[]> {
  using index = await openIndex(reportsDir);
  const gone = new Map(index.folders());
  const changed: IndexedRun[] = [];
  for (const { folder, modifiedMs } of await findResults(reportsDir)) {
    if (gone.get(folder) === modifiedMs) {
      gone.delete(folder);
      continue;
    }
    const run = read(await readFile(join(reportsDir, folder, RESULT_FILE), "utf8"), folder);
    if (run !== undefined) changed.push({ run, modifiedMs });
  }
  index.update([...gone.keys()], changed);
  return index.runs();
}

interface IndexedRun {
  readonly run: ListedRun;
  readonly modifiedMs: number;
}

interface FoundResult {
  readonly folder: string;
  readonly modifiedMs: number;
}

async function findResults(reportsDir: string): Promise<readonly FoundResult[]> {
  const entries = await readdir(reportsDir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found = folders.filter((folder) => existsSync(join(reportsDir, folder, RESULT_FILE)));
  return await Promise.all(
    found.map(async (folder) => {
      const { mtimeMs } = await stat(join(reportsDir, folder, RESULT_FILE));
      return { folder, modifiedMs: mtimeMs };
    }),
  );
}

/** An index that cannot be read is no loss: it is made anew from the folders. */
async function openIndex(reportsDir: string): Promise<Index> {
  const file = join(reportsDir, INDEX_FILE);
  try {
    return new Index(file);
  } catch {
    await rm(file, { force: true });
    return new Index(file);
  }
}

class Index {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: 5_000 });
    if (this.#version() === INDEX_VERSION) return;
    this.#database.exec("BEGIN IMMEDIATE"); // another run may end at the same moment, and make it too
    if (this.#version() !== INDEX_VERSION) {
      this.#database.exec(`
        DROP TABLE IF EXISTS runs;
        CREATE TABLE runs (folder TEXT PRIMARY KEY, started_at TEXT, modified_ms REAL, run TEXT) STRICT;
        CREATE INDEX runs_by_time ON runs (started_at);
        PRAGMA user_version = ${INDEX_VERSION};`);
    }
    this.#database.exec("COMMIT");
  }

  folders(): readonly (readonly [folder: string, modifiedMs: number])[] {
    const rows = this.#database.prepare("SELECT folder, modified_ms FROM runs").all();
    return rows.map((row) => [String(row["folder"]), Number(row["modified_ms"])] as const);
  }

  /** One transaction: a thousand rows cost the disk as much as one. */
  update(gone: readonly string[], changed: readonly IndexedRun[]): void {
    const remove = this.#database.prepare("DELETE FROM runs WHERE folder = ?");
    const put = this.#database.prepare("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)");
    this.#database.exec("BEGIN IMMEDIATE");
    for (const folder of gone) remove.run(folder);
    for (const { run, modifiedMs } of changed) {
      put.run(run.folder, run.startedAt, modifiedMs, JSON.stringify(run));
    }
    this.#database.exec("COMMIT");
  }

  runs(): readonly ListedRun[] {
    const rows = this.#database
      .prepare("SELECT run FROM runs ORDER BY started_at DESC, folder DESC")
      .all();
    return rows.map((row) => JSON.parse(String(row["run"])) as ListedRun); // written by put
  }

  #version(): unknown {
    return this.#database.prepare("PRAGMA user_version").get()?.["user_version"];
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
