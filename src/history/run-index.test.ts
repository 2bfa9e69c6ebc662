import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ListedRun } from "#domain/listed-run.ts";
import { listRuns, type ReadListedRun } from "./run-index.ts";

let reports: string;
let reads: string[];
beforeEach(() => {
  reports = mkdtempSync(join(tmpdir(), "lastcall-index-"));
  reads = [];
});
afterEach(() => rmSync(reports, { recursive: true }));

/** A result that is only the run's start; a text that is no date is no result. */
const read: ReadListedRun = (text, folder) => {
  reads.push(folder);
  return Number.isNaN(Date.parse(text)) ? undefined : ({ folder, startedAt: text } as ListedRun);
};

let clock = 1_000;
function judge(folder: string, startedAt: string): void {
  mkdirSync(join(reports, folder), { recursive: true });
  const file = join(reports, folder, "result.json");
  writeFileSync(file, startedAt);
  clock += 1;
  utimesSync(file, clock, clock);
}

async function folders(): Promise<readonly string[]> {
  return (await listRuns(reports, read)).map(({ folder }) => folder);
}

describe("listRuns", () => {
  it("shows the latest run first, and skips folders without a result that can be read", async () => {
    judge("a", "2026-11-24T10:00:00Z");
    judge("b", "2026-11-24T12:00:00Z");
    judge("ci", "not a result");
    mkdirSync(join(reports, "running"));
    expect(await folders()).toEqual(["b", "a"]);
  });

  it("reads a result once, and again only when it was judged again", async () => {
    judge("a", "2026-11-24T10:00:00Z");
    judge("b", "2026-11-24T12:00:00Z");
    await folders();
    reads = [];
    judge("a", "2026-11-24T13:00:00Z");
    expect(await folders()).toEqual(["a", "b"]);
    expect(reads).toEqual(["a"]);
  });

  it("forgets a run whose folder or result is gone", async () => {
    judge("a", "2026-11-24T10:00:00Z");
    judge("b", "2026-11-24T12:00:00Z");
    await folders();
    rmSync(join(reports, "a"), { recursive: true });
    judge("b", "no result any more");
    expect(await folders()).toEqual([]);
  });

  it("is made anew from the folders when its file is broken", async () => {
    judge("a", "2026-11-24T10:00:00Z");
    await folders();
    writeFileSync(join(reports, "index.sqlite"), "this is no database, and never was one");
    expect(await folders()).toEqual(["a"]);
  });
});
