import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { judgeRun, showInJobSummary } from "#recorded-runs.ts";
import { aHistory, anExchange, leaving } from "#test/support/builders.ts";
import { recordRun } from "#test/support/record-run.ts";

const NO_KILLS = { metric: "forced-kills", operator: "=", limit: 0, text: "0" } as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lastcall-summary-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function killedRun(): Promise<string> {
  const exchanges = Array.from({ length: 100 }, (_, seq) =>
    anExchange({ seq, sentAtMs: seq * 100 }),
  );
  const observations = leaving({ exitCode: 137, reason: "Error", atMs: 14_100 });
  return recordRun(folder, aHistory({ observations, exchanges }), [NO_KILLS]);
}

describe("the summary of a judged run", () => {
  it("lies beside the report, and is shown nowhere else by judging", async () => {
    const page = join(folder, "page.md");
    writeFileSync(page, "");
    vi.stubEnv("GITHUB_STEP_SUMMARY", page);
    const directory = await killedRun();
    await judgeRun(directory, [NO_KILLS]);
    const summary = readFileSync(join(directory, "summary.md"), "utf8");
    expect(summary).toMatch(/^## Lastcall: Fail/i);
    expect(summary).toContain("| Forced kills | 0 | 1 |");
    expect(readFileSync(page, "utf8")).toBe("");
  });

  it("is added to the page of a GitHub Actions job, below what is there", async () => {
    const page = join(folder, "page.md");
    writeFileSync(page, "# Before\n");
    vi.stubEnv("GITHUB_STEP_SUMMARY", page);
    const directory = await killedRun();
    await showInJobSummary(await judgeRun(directory, [NO_KILLS]));
    const summary = readFileSync(join(directory, "summary.md"), "utf8");
    expect(readFileSync(page, "utf8")).toBe(`# Before\n${summary}`);
  });

  it("is shown nowhere outside of such a job", async () => {
    vi.stubEnv("GITHUB_STEP_SUMMARY", "");
    const directory = await killedRun();
    const before = readdirSync(folder);
    await showInJobSummary(await judgeRun(directory, [NO_KILLS]));
    expect(readdirSync(folder)).toEqual(before);
  });
});
