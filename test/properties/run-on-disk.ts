import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Exchange } from "#domain/exchange.ts";
import type { History } from "#domain/history.ts";
import {
  EXCHANGE_BYTES,
  encodeExchange,
  exchangesFileName,
  podsFileName,
} from "#domain/ledger-record.ts";
import { createRun } from "#history/create-run.ts";
import { RUN_FILES } from "#history/run-folder.ts";

/** A folder for one test, which is gone after it. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "lastcall-properties-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes a history as a run leaves it, and returns its folder. */
export async function writeRun(below: string, history: History): Promise<string> {
  const writer = await createRun(below, history.header);
  for (const observation of history.observations) writer.observe(observation);
  for (const word of history.dataPath ?? []) writer.hear(word);
  for (const { name } of history.header.load) {
    const exchanges = [...history.exchanges].filter(({ stream }) => stream === name);
    writeExchanges(writer.directory, name, exchanges);
  }
  const lines = history.transactions.map((transaction) => `${JSON.stringify(transaction)}\n`);
  writeFileSync(join(writer.directory, RUN_FILES.transactions), lines.join(""));
  const held = (history.connections ?? []).map((connection) => `${JSON.stringify(connection)}\n`);
  writeFileSync(join(writer.directory, RUN_FILES.connections), held.join(""));
  await writer.close(history.closing, history.audit);
  return writer.directory;
}

/** Writes the two files of one stream's ledger. */
export function writeExchanges(
  directory: string,
  stream: string,
  exchanges: readonly Exchange[],
): void {
  const pods = [...new Set(exchanges.flatMap(({ servedBy }) => servedBy ?? []))];
  const bytes = new Uint8Array(exchanges.length * EXCHANGE_BYTES);
  for (const [place, { servedBy, ...exchange }] of exchanges.entries()) {
    const pod = servedBy === undefined ? 0 : pods.indexOf(servedBy) + 1;
    encodeExchange(new DataView(bytes.buffer), place * EXCHANGE_BYTES, { ...exchange, pod });
  }
  const names = pods.map((pod) => `${JSON.stringify(pod)}\n`);
  // As a run does: whoever follows it finds each name before the first record that needs it.
  writeFileSync(join(directory, podsFileName(stream)), names.join(""));
  writeFileSync(join(directory, exchangesFileName(stream)), bytes);
}

/** The bytes of one stream's records. */
export function readRecords(directory: string, stream: string): Uint8Array {
  return readFileSync(join(directory, exchangesFileName(stream)));
}
