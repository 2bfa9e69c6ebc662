import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { describeReport, judgeRun, startRun } from "#harness.ts";
import { loadScenario } from "#scenario/load-scenario.ts";
import { compareReport } from "./compare-report.ts";
import { loadExpectation } from "./expectation.ts";

/*
 * The product's own proof: each folder is a workload with one known fault, run for real on the embedded
 * cluster. The harness must give its verdict, cross its promise, and name its reason.
 */
const catches = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const reportsDir = mkdtempSync(join(tmpdir(), "lastcall-catches-"));
afterAll(() => rmSync(reportsDir, { recursive: true }));

async function runCatch(name: string) {
  const directory = join(import.meta.dirname, name);
  const expectation = await loadExpectation(directory);
  const scenario = await loadScenario(directory);
  const { run, stop } = await startRun({
    scenario,
    cluster: "embedded",
    reportsDir,
    output: { write() {} },
    signal: new AbortController().signal,
  });
  try {
    const folder = await run.disruptUnderLoad([expectation.disruptionOf(scenario.workload)]);
    return { expectation, report: await judgeRun(folder, expectation.thresholds) };
  } finally {
    await stop();
  }
}

describe("what the harness must catch, and what it must let pass", () => {
  it("finds the catches", () => expect(catches.length).toBeGreaterThanOrEqual(6));

  it.each(catches)("%s", async (name) => {
    const { expectation, report } = await runCatch(name);
    expect(compareReport(report, expectation), describeReport(report)).toEqual([]);
  });
});
