import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aReport } from "#test/support/report-builders.ts";
import { halfCommits } from "./half-commits.ts";

describe("halfCommits", () => {
  it("speaks of transactions that the audit calls partial, with the audit's own words", () => {
    expect(ask(halfCommits, faulty("half-commits"))).toMatchObject({
      cause: "half-commits",
      confidence: "proven",
      explanation: expect.stringContaining("1 transaction"),
      evidence: { total: 1, examples: ["k7 is partial: reserve × 1"] },
    });
  });

  it("is silent on the other classes and on a clean audit", () => {
    for (const other of ["loses-acknowledged-writes", "commits-twice", "phantom-writes"]) {
      expect(ask(halfCommits, faulty(other))).toBeUndefined();
    }
    expect(ask(halfCommits, aReport())).toBeUndefined();
  });
});
