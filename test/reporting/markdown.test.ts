import { describe, expect, it } from "vitest";
import { renderSummary } from "#reporting/markdown/render-summary.ts";
import { failingReport } from "./fixtures/failing-report.ts";
import { hostileReport } from "./fixtures/hostile-report.ts";
import { inconclusiveReport } from "./fixtures/inconclusive-report.ts";

/** The texts lie in `golden/`; `vitest run -u test/reporting` writes them anew. */
describe("renderSummary", () => {
  it.each([
    ["fail", failingReport()],
    ["inconclusive", inconclusiveReport()],
  ])("summarizes a run that ended in %s", async (name, report) => {
    await expect(renderSummary(report)).toMatchFileSnapshot(`golden/summary-${name}.md.txt`);
  });

  it("turns no text from outside into emphasis, a link, a table cell or HTML", () => {
    const outside = renderSummary(hostileReport()).replaceAll(/^(`{3,})yaml\n[\s\S]*?\n\1$/gm, "");
    expect(outside).not.toMatch(/<(?:script|img|svg)/);
    expect(outside).not.toContain("`**pass");
    expect(outside).not.toMatch(/(?<!\\)\]\(javascript:/);
    for (const row of outside.split("\n").filter((line) => line.startsWith("| "))) {
      expect(row.replaceAll("\\|", "").split("|")).toHaveLength(8);
    }
  });

  it("fences a patch so that the patch cannot end its fence", () => {
    const report = failingReport();
    const patch = "a: |\n  ```\n# pass\n";
    const [first] = report.advice;
    if (first === undefined) throw new TypeError("The fixture has advice.");
    const advice = [{ ...first, patch }];
    expect(renderSummary({ ...report, advice })).toContain("````yaml\na: |\n  ```\n# pass\n````");
  });

  it("calls nobody to the pull request", () => {
    const doubts = ["@everyone look at #12"];
    const text = renderSummary({ ...inconclusiveReport(), doubts });
    expect(text).toContain("- &commat;everyone look at \\#12");
  });
});
