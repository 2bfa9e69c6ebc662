import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aReport, measured } from "#test/support/report-builders.ts";
import { breaksAuditCheck } from "./breaks-audit-check.ts";

describe("breaksAuditCheck", () => {
  it("speaks of the violations with the audit's own words", () => {
    expect(ask(breaksAuditCheck, faulty("breaks-audit-check"))).toMatchObject({
      cause: "breaks-audit-check",
      confidence: "proven",
      explanation: expect.stringContaining("1 violation."),
      evidence: { total: 1, examples: ["money: the total is 995, and must be 1000."] },
    });
  });

  it("is silent where all checks hold, or none was made", () => {
    const held = aReport({ ungated: [measured("audit-violations", 0)] });
    expect(ask(breaksAuditCheck, held)).toBeUndefined();
    expect(ask(breaksAuditCheck, aReport())).toBeUndefined();
  });
});
