import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { History } from "#domain/history.ts";
import {
  EXCHANGE_BYTES,
  encodeExchange,
  exchangesFileName,
  podsFileName,
} from "#domain/ledger-record.ts";
import type { Threshold } from "#domain/threshold.ts";
import { createRun } from "#history/create-run.ts";

/** Writes a history to disk as a run does, judged by these promises, and says where it lies. */
export async function recordRun(
  reportsDir: string,
  { header, closing, observations, exchanges }: History,
  thresholds: readonly Threshold[],
): Promise<string> {
  const run = await createRun(reportsDir, header);
  for (const observation of observations) run.observe(observation);
  const pods: string[] = [];
  for (const { stream, servedBy, ...exchange } of exchanges) {
    if (servedBy !== undefined && !pods.includes(servedBy)) pods.push(servedBy);
    const view = new DataView(new ArrayBuffer(EXCHANGE_BYTES));
    const pod = servedBy === undefined ? 0 : pods.indexOf(servedBy) + 1;
    encodeExchange(view, 0, { ...exchange, pod });
    appendFileSync(join(run.directory, exchangesFileName(stream)), new Uint8Array(view.buffer));
  }
  for (const { name } of header.load) {
    const lines = pods.map((pod) => `${JSON.stringify(pod)}\n`).join("");
    writeFileSync(join(run.directory, podsFileName(name)), lines);
  }
  await run.close(closing, undefined);
  writeFileSync(join(run.directory, "thresholds.json"), JSON.stringify(thresholds));
  return run.directory;
}
