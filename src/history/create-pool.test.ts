import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { poolHistories } from "#domain/pool-histories.ts";
import { aHistory } from "#test/support/builders.ts";
import { createPool } from "./create-pool.ts";
import { createRun } from "./create-run.ts";
import { openRun } from "./open-run.ts";

let reports: string;

beforeEach(() => {
  reports = mkdtempSync(join(tmpdir(), "lastcall-pool-"));
});

afterEach(() => {
  rmSync(reports, { recursive: true });
});

async function aRun(): Promise<string> {
  const { header, observations, closing } = aHistory();
  const writer = await createRun(reports, header);
  for (const observation of observations) writer.observe(observation);
  await writer.close(closing, undefined);
  return writer.directory;
}

describe("createPool", () => {
  it("makes a folder that opens as the pool of its runs", async () => {
    const runs = [await aRun(), await aRun()];
    const directory = await createPool(runs, 3);
    expect(directory).toBe(`${runs[0]}-pool`);
    const { exchanges: _, repetitions, ...pool } = await openRun(directory);
    const { exchanges: __, ...expected } = poolHistories([aHistory(), aHistory()], 3);
    expect(pool).toEqual({ ...expected, repetitions: undefined });
    expect(repetitions).toHaveLength(2);
  });

  it("is brought up to date by the next repetition, and by a single one", async () => {
    const first = await aRun();
    await createPool([first], 3);
    const directory = await createPool([first, await aRun()], 3);
    expect((await openRun(directory)).header.pool?.runs).toHaveLength(2);
  });
});
