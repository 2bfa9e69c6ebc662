import { describe, expect, it } from "vitest";
import { aHistory } from "#test/support/builders.ts";
import { isCertain } from "./certain-answer.ts";
import { type Measurement, NO_EVIDENCE } from "./measurement.ts";
import type { MetricName } from "./metric.ts";
import type { Report } from "./report.ts";
import type { Threshold } from "./threshold.ts";
import type { Verdict } from "./verdict.ts";

function aReport(
  verdict: Verdict,
  limit = 0.001,
  measured: Partial<Measurement> = {},
  planned = 3,
) {
  const metric: MetricName = measured.metric ?? "request-error-rate";
  const threshold: Threshold = { metric, operator: "<", limit, text: "" };
  const measurement = { metric, summary: "", sample: 0, doubts: [], evidence: NO_EVIDENCE };
  const { header } = aHistory();
  return {
    verdict,
    header: { ...header, pool: { planned, runs: [], leftOut: [] } },
    results: [{ threshold, measurement: { ...measurement, ...measured }, verdict, because: "" }],
  } as unknown as Report; // the fields that are read
}

const failures = (count: number, tried: number) => ({
  boundOn: { of: "requests", failures: count, tried },
});

describe("isCertain", () => {
  it("is sure of a pass, and never of an inconclusive answer", () => {
    expect([isCertain(aReport("pass")), isCertain(aReport("inconclusive"))]).toEqual([true, false]);
  });

  it("is sure of a rate that even its lower bound does not keep", () => {
    expect(isCertain(aReport("fail", 0.001, failures(45, 960)))).toBe(true);
    expect(isCertain(aReport("fail", 0.001, failures(1, 900)))).toBe(false);
  });

  it("has to be surer the more often it may look", () => {
    const borderline = failures(5, 1_800);
    expect(isCertain(aReport("fail", 0.001, borderline, 1))).toBe(true);
    expect(isCertain(aReport("fail", 0.001, borderline, 20))).toBe(false);
  });

  it("is sure at the first case where none is allowed", () => {
    const metric = "transaction-completion-rate" as const;
    expect(isCertain(aReport("fail", 1, { metric, ...failures(1, 10_000) }))).toBe(true);
  });

  it("is sure of what more runs cannot undo, and not of a mean", () => {
    expect(isCertain(aReport("fail", 2_000, { metric: "deregistration-latency" }))).toBe(true);
    const metric = "failures-per-termination" as const;
    expect(isCertain(aReport("fail", 2, { metric }))).toBe(false);
    expect(isCertain(aReport("fail", 0, { metric }))).toBe(true);
  });
});
