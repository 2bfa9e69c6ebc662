import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pruneRuns } from "./prune-runs.ts";

let reports: string;
beforeEach(() => {
  reports = mkdtempSync(join(tmpdir(), "lastcall-prune-"));
});
afterEach(() => rmSync(reports, { recursive: true }));

function aRun(name: string, files: Readonly<Record<string, string>> = {}): string {
  mkdirSync(join(reports, name));
  for (const [file, text] of Object.entries({ "result.json": "{}", ...files })) {
    writeFileSync(join(reports, name, file), text);
  }
  return name;
}

describe("pruneRuns", () => {
  it("keeps the latest runs, and touches nothing that is no judged run", async () => {
    const runs = [aRun("c"), aRun("b"), aRun("a")];
    mkdirSync(join(reports, "running"));
    writeFileSync(join(reports, "index.html"), "");
    expect(await pruneRuns(reports, runs, 1)).toEqual(["b", "a"]);
    expect(readdirSync(reports).toSorted()).toEqual(["c", "index.html", "running"]);
  });

  it("keeps what somebody has signed", async () => {
    const runs = [aRun("c"), aRun("b", { "signature-0123456789abcdef.json": "{}" }), aRun("a")];
    expect(await pruneRuns(reports, runs, 1)).toEqual(["a"]);
  });

  it("keeps the parts of a series that stays, and lets them go with it", async () => {
    const series = { "pool.json": '{"planned":2,"runs":["../a","../b"]}' };
    const runs = [aRun("d"), aRun("a-pool", series), aRun("b"), aRun("a")];
    expect(await pruneRuns(reports, runs, 2)).toEqual([]);
    expect(await pruneRuns(reports, runs, 1)).toEqual(["a-pool", "b", "a"]);
  });
});
