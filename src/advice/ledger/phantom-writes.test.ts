import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aReport } from "#test/support/report-builders.ts";
import { phantomWrites } from "./phantom-writes.ts";

describe("phantomWrites", () => {
  it("speaks of transactions that the audit calls phantom, with the audit's own words", () => {
    expect(ask(phantomWrites, faulty("phantom-writes"))).toMatchObject({
      cause: "phantom-writes",
      confidence: "proven",
      explanation: expect.stringContaining("1 transaction"),
      evidence: { total: 1, examples: ["k7 is phantom: reserve × 1"] },
    });
  });

  it("is silent on the other classes and on a clean audit", () => {
    for (const other of ["loses-acknowledged-writes", "half-commits", "commits-twice"]) {
      expect(ask(phantomWrites, faulty(other))).toBeUndefined();
    }
    expect(ask(phantomWrites, aReport())).toBeUndefined();
  });
});
