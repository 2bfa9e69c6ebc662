import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aReport } from "#test/support/report-builders.ts";
import { losesAcknowledgedWrites } from "./loses-acknowledged-writes.ts";

describe("losesAcknowledgedWrites", () => {
  it("speaks of transactions that the audit calls lost, with the audit's own words", () => {
    expect(ask(losesAcknowledgedWrites, faulty("loses-acknowledged-writes"))).toMatchObject({
      cause: "loses-acknowledged-writes",
      confidence: "proven",
      explanation: expect.stringContaining("1 transaction"),
      evidence: { total: 1, examples: ["k7 is lost: reserve × 1"] },
    });
  });

  it("is silent on the other classes and on a clean audit", () => {
    for (const other of ["half-commits", "commits-twice", "phantom-writes"]) {
      expect(ask(losesAcknowledgedWrites, faulty(other))).toBeUndefined();
    }
    expect(ask(losesAcknowledgedWrites, aReport())).toBeUndefined();
  });
});
