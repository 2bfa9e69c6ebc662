import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aReport } from "#test/support/report-builders.ts";
import { commitsTwice } from "./commits-twice.ts";

describe("commitsTwice", () => {
  it("speaks of transactions that the audit calls duplicated, with the audit's own words", () => {
    expect(ask(commitsTwice, faulty("commits-twice"))).toMatchObject({
      cause: "commits-twice",
      confidence: "proven",
      explanation: expect.stringContaining("1 transaction"),
      evidence: { total: 1, examples: ["k7 is duplicated: reserve × 1"] },
    });
  });

  it("is silent on the other classes and on a clean audit", () => {
    for (const other of ["loses-acknowledged-writes", "half-commits", "phantom-writes"]) {
      expect(ask(commitsTwice, faulty(other))).toBeUndefined();
    }
    expect(ask(commitsTwice, aReport())).toBeUndefined();
  });
});
