import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HeldConnection } from "#domain/held-connection.ts";
import type { History, HistoryClosing, HistoryHeader } from "#domain/history.ts";
import type { Observation } from "#domain/observation.ts";
import { poolHistories } from "#domain/pool-histories.ts";
import type { Audit, Transaction } from "#domain/transaction.ts";
import type { PoolFile } from "./create-pool.ts";
import { NotARunError, UnreadableRunError } from "./errors.ts";
import { readDataPath } from "./read-data-path.ts";
import { readExchanges } from "./read-exchanges.ts";
import { RUN_FILES } from "./run-folder.ts";

/** Reads a run. Exchanges stay on disk and are streamed at each pass, so their number does not matter. */
export async function openRun(directory: string): Promise<History> {
  const pool = await readJson<PoolFile>(directory, RUN_FILES.pool);
  if (pool !== undefined) {
    const runs = await Promise.all(pool.runs.map((run) => openRun(join(directory, run))));
    return poolHistories(runs, pool.planned);
  }
  const header = await readJson<HistoryHeader>(directory, RUN_FILES.header);
  if (header === undefined) throw new NotARunError(directory);
  if (header.format !== 1) {
    throw new UnreadableRunError(
      directory,
      `its format is ${header.format}, and this version reads 1.`,
    );
  }
  const closing = await readJson<HistoryClosing>(directory, RUN_FILES.closing);
  const audit = await readJson<Audit>(directory, RUN_FILES.audit);
  const connections = await readLines<HeldConnection>(directory, RUN_FILES.connections);
  return {
    header,
    closing: closing ?? {
      phases: [],
      streams: [],
      brokenOff: "the run was killed before it ended.",
    },
    observations: await readLines<Observation>(directory, RUN_FILES.observations),
    exchanges: readExchanges(
      directory,
      header.load.map(({ name }) => name),
    ),
    ...(existsSync(join(directory, RUN_FILES.dataPath)) && { dataPath: readDataPath(directory) }),
    transactions: await readLines<Transaction>(directory, RUN_FILES.transactions),
    ...(connections.length > 0 && { connections }),
    ...(audit !== undefined && { audit }),
  };
}

async function readJson<T>(directory: string, file: string): Promise<T | undefined> {
  const path = join(directory, file);
  if (!existsSync(path)) return undefined;
  return parse<T>(directory, file, await readFile(path, "utf8"));
}

/** A last line without its end is what a killed run leaves: it is not a record yet. */
async function readLines<T>(directory: string, file: string): Promise<readonly T[]> {
  const path = join(directory, file);
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1);
  return lines.map((line) => parse<T>(directory, file, line));
}

function parse<T>(directory: string, file: string, text: string): T {
  try {
    return JSON.parse(text) as T; // written by createRun; the format number guards against others
  } catch (error) {
    throw new UnreadableRunError(directory, `${file} is not the JSON it should be.`, error);
  }
}
