import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { History } from "#domain/history.ts";
import type { Threshold } from "#domain/threshold.ts";
import { createRun } from "#history/create-run.ts";

/** Writes a history without exchanges to disk, judged by these promises, and says where it lies. */
export async function recordRun(
  reportsDir: string,
  { header, closing, observations }: History,
  thresholds: readonly Threshold[],
): Promise<string> {
  const run = await createRun(reportsDir, header);
  for (const observation of observations) run.observe(observation);
  await run.close(closing, undefined);
  await writeFile(join(run.directory, "thresholds.json"), JSON.stringify(thresholds));
  return run.directory;
}
