import { describe, expect, it } from "vitest";
import { describeProof } from "#reporting/console/describe-proof.ts";
import { aReport, measured, promised } from "#test/support/report-builders.ts";

const runOf = (kills: number, verdict: "pass" | "fail", gap?: number) =>
  aReport({
    results: [promised(measured("forced-kills", kills), verdict)],
    ungated: gap === undefined ? [] : [measured("longest-gap", gap)],
  });

const described = {
  before: runOf(2, "fail"),
  now: runOf(0, "pass", 1_240),
  proof: { verdict: "pass", because: "Broken before and kept now: forced kills." },
  changes: [],
  directory: "reports/now",
} as const;

describe("describeProof", () => {
  it("gives the answer, then each metric before and now", () => {
    expect(describeProof(described)).toBe(`PROVEN  Broken before and kept now: forced kills.

  with the change  asked        before     now  verdict
  Forced kills         0             2       0  fail → pass
  Longest gap          –  not measured  1.24 s  –

Report: reports/now/report.html`);
  });

  it("says what else is not the same", () => {
    const changes = [{ what: "commit", before: "abc", now: "def" }];
    expect(describeProof({ ...described, changes })).toContain(
      "\n\nWhat changed besides:\n  - commit: abc → def\n\nReport:",
    );
  });

  it.each([
    ["fail", "NOT PROVEN"],
    ["inconclusive", "INCONCLUSIVE"],
  ] as const)("has a word for %s", (verdict, word) => {
    const proof = { verdict, because: "Why." };
    expect(describeProof({ ...described, proof })).toMatch(new RegExp(`^${word}  Why\\.`));
  });
});
