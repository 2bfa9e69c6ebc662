import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DataPathWord } from "#domain/data-path-word.ts";
import type { HistoryClosing, HistoryHeader } from "#domain/history.ts";
import type { Observation } from "#domain/observation.ts";
import type { Audit } from "#domain/transaction.ts";
import type { RunWriter } from "#ports/run-store.ts";
import { DataPathFile } from "./data-path-file.ts";
import { RUN_FILES, runFolderName } from "./run-folder.ts";

/** Makes the run's folder and opens it for writing. Two runs of the same second get names of their own. */
export async function createRun(reportsDir: string, header: HistoryHeader): Promise<RunWriter> {
  const directory = await makeFolder(
    join(reportsDir, runFolderName(header.startedAt, header.scenario)),
  );
  await writeJson(join(directory, RUN_FILES.header), header);
  const observations = createWriteStream(join(directory, RUN_FILES.observations));
  await once(observations, "open");
  let dataPath: DataPathFile | undefined;
  return {
    directory,
    observe(observation: Observation) {
      observations.write(`${JSON.stringify(observation)}\n`);
    },
    hear(word: DataPathWord) {
      dataPath ??= new DataPathFile(directory);
      dataPath.append(word);
    },
    async close(closing: HistoryClosing, audit: Audit | undefined) {
      observations.end();
      await once(observations, "close");
      await dataPath?.close();
      if (audit !== undefined) await writeJson(join(directory, RUN_FILES.audit), audit);
      // Last, because its presence says that everything before it is complete.
      await writeJson(join(directory, RUN_FILES.closing), closing);
    },
  };
}

async function makeFolder(wanted: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const directory = attempt === 1 ? wanted : `${wanted}-${attempt}`;
    const made = await mkdir(directory, { recursive: true });
    if (made !== undefined) return directory;
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
