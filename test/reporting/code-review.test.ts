import { describe, expect, it } from "vitest";
import { renderAnnotations } from "#reporting/github/render-annotations.ts";
import { renderSarif } from "#reporting/sarif/render-sarif.ts";
import { failingReport } from "./fixtures/failing-report.ts";
import { hostileReport } from "./fixtures/hostile-report.ts";
import { inconclusiveReport } from "./fixtures/inconclusive-report.ts";
import { passingReport } from "./fixtures/passing-report.ts";

/* What a reviewer sees beside the code. */
const place = { file: "features/roll,out.feature", line: 12 };

describe("annotations for GitHub Actions", () => {
  it("are an error for each broken promise, at the feature's line, with the fix", () => {
    const report = failingReport();
    const broken = report.results.filter(({ verdict }) => verdict === "fail");
    const lines = renderAnnotations(report, place).trimEnd().split("\n");
    const errors = lines.filter((line) => line.startsWith("::error "));
    expect(errors).toHaveLength(broken.length);
    expect(errors[0]).toContain("file=features/roll%2Cout.feature,line=12,title=");
    expect(errors[0]).toContain(report.advice[0]?.cause);
  });

  it("are a warning for a promise that was not answered, and nothing for one that was kept", () => {
    const { results } = inconclusiveReport();
    const open = results.filter(({ verdict }) => verdict === "inconclusive");
    const text = renderAnnotations(inconclusiveReport(), place);
    expect([...text.matchAll(/^::warning /gm)]).toHaveLength(open.length);
    const { advice } = failingReport();
    const both = renderAnnotations({ ...inconclusiveReport(), advice }, place);
    expect(both).not.toContain(advice[0]?.cause);
    expect(renderAnnotations(passingReport(), place)).toBe("");
  });

  it("hold no second command, whatever a pod is called", () => {
    const text = renderAnnotations(hostileReport(), { file: "a\n::error::forged", line: 1 });
    for (const line of text.trimEnd().split("\n"))
      expect(line).toMatch(/^::(?:error|warning) file=/);
  });
});

describe("advice as SARIF", () => {
  const parse = (...args: Parameters<typeof renderSarif>) =>
    JSON.parse(renderSarif(...args)).runs[0];

  it("has a rule for each cause, and a result that names it, its place and the patch", () => {
    const report = failingReport();
    const run = parse(report, "scenarios/my shop/scenario.yaml");
    const causes = report.advice.map(({ cause }) => cause);
    expect(run.results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(causes);
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([...new Set(causes)]);
    expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
      "scenarios/my%20shop/scenario.yaml",
    );
    const patched = report.advice.findIndex(({ patch }) => patch !== undefined);
    expect(run.results[patched].message.text).toContain(report.advice[patched]?.patch);
  });

  it("calls a hint a note, and what lost something an error", () => {
    const report = failingReport();
    const [first] = report.advice;
    if (first === undefined) throw new TypeError("The failing report has advice.");
    const run = parse({ ...report, advice: [first, { ...first, hint: true }] }, undefined);
    expect(run.results.map(({ level }: { level: string }) => level)).toEqual(["error", "note"]);
    expect(run.results[0].locations).toBeUndefined();
  });
});
