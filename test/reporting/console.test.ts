import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { describeReport } from "#reporting/console/describe-report.ts";
import { failingReport } from "./fixtures/failing-report.ts";
import { hostileReport } from "./fixtures/hostile-report.ts";
import { inconclusiveReport } from "./fixtures/inconclusive-report.ts";
import { passingReport } from "./fixtures/passing-report.ts";

const directory = "reports/2026-11-24T09-12-03Z-shop";

/** The texts lie in `golden/`; `vitest run -u test/reporting` writes them anew. */
describe("describeReport", () => {
  it.each([
    ["pass", passingReport()],
    ["fail", failingReport()],
    ["inconclusive", inconclusiveReport()],
  ])("describes a run that ended in %s", async (name, report) => {
    const text = describeReport(report, { directory });
    await expect(`${text}\n`).toMatchFileSnapshot(`golden/console-${name}.txt`);
  });

  it("uses colour only when it is asked to, and for the verdict alone", () => {
    const coloured = describeReport(failingReport(), { directory, colour: true });
    expect(coloured).toContain("\u001b[1;31mFAIL\u001b[0m");
    expect(stripVTControlCharacters(coloured)).toBe(describeReport(failingReport(), { directory }));
  });

  it("shows what cost nothing apart, without a patch and without calling it a change to make", () => {
    const [first] = failingReport().advice;
    if (first === undefined) throw new TypeError("The fixture has advice.");
    const hint = { ...first, cause: "over-provisioned-grace", hint: true } as const;
    const text = describeReport({ ...passingReport(), advice: [hint] });
    expect(text).toContain("Worth a look:\n  - over-provisioned-grace: shop closes its socket");
    expect(text).not.toContain("What to change");
    expect(text).not.toContain("preStop:");
  });

  it("says which repetitions were judged as one, and why others were not", () => {
    const run = { number: 2, runId: "b", fromMs: 0, untilMs: 1 };
    const pool = { planned: 5, runs: [run], leftOut: [{ number: 1, reason: "it broke off" }] };
    const report = passingReport();
    const text = describeReport({ ...report, header: { ...report.header, pool } });
    expect(text).toContain(
      "Judged as one: 1 of 2 runs, of at most 5.\n" +
        "Run 1 proves nothing and is not counted: it broke off",
    );
  });

  it("says that a run broke off, and why", () => {
    const { closing, ...report } = inconclusiveReport();
    const text = describeReport({ ...report, closing: { ...closing, brokenOff: "Ctrl-C" } });
    expect(text).toContain("The run broke off: Ctrl-C");
  });

  it("lets no text from outside move the cursor or begin a line", () => {
    const text = describeReport(hostileReport(), { directory });
    expect(text).not.toContain("\u001b");
    expect(text).not.toContain("\u202E");
    const clean = describeReport(failingReport(), { directory });
    // Each hostile text breaks a line; only the patch, which has lines of its own, keeps them.
    expect(text.split("\n")).toHaveLength(clean.split("\n").length + 2);
  });
});
