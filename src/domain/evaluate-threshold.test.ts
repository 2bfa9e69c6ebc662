import { describe, expect, it } from "vitest";
import { evaluateThreshold } from "./evaluate-threshold.ts";
import { type Measurement, NO_EVIDENCE } from "./measurement.ts";
import type { Threshold } from "./threshold.ts";

const errorRate: Threshold = {
  metric: "request-error-rate",
  operator: "<",
  limit: 0.001,
  text: "<0.1%",
};
const latency: Threshold = {
  metric: "deregistration-latency",
  operator: "<",
  limit: 2000,
  text: "<2s",
};

function measured(fields: Partial<Measurement>): Measurement {
  return {
    metric: "request-error-rate",
    summary: "as measured",
    sample: 10_000,
    doubts: [],
    evidence: NO_EVIDENCE,
    ...fields,
  };
}

describe("evaluateThreshold", () => {
  it("passes a kept promise whose sample can carry it, and says what it supports", () => {
    const result = evaluateThreshold(errorRate, measured({ value: 0, bound: 0.0003 }), []);
    expect([result.verdict, result.because]).toEqual([
      "pass",
      "0 % keeps <0.1%, below 0.03 % with 95 % confidence.",
    ]);
  });

  it("fails a broken promise, however small the sample", () => {
    const result = evaluateThreshold(
      errorRate,
      measured({ value: 0.5, bound: 0.9, sample: 2 }),
      [],
    );
    expect(result.verdict).toBe("fail");
  });

  it("fails a broken promise in spite of doubts: the failures were seen", () => {
    const result = evaluateThreshold(errorRate, measured({ value: 0.5 }), ["watch was blind"]);
    expect(result.verdict).toBe("fail");
  });

  it("is inconclusive when nothing was measured", () => {
    expect(evaluateThreshold(errorRate, measured({}), []).verdict).toBe("inconclusive");
    expect(evaluateThreshold(errorRate, measured({ value: Number.NaN }), []).verdict).toBe(
      "inconclusive",
    );
  });

  it("is inconclusive when the sample is too small, and says how many more are needed", () => {
    const result = evaluateThreshold(
      errorRate,
      measured({ value: 0, bound: 0.003, sample: 1_000 }),
      [],
    );
    expect(result.verdict).toBe("inconclusive");
    expect(result.because).toContain("1995 more");
  });

  it("is inconclusive when it was measured less than ten times finer than the promise", () => {
    const coarse = { metric: "deregistration-latency", value: 100 } as const;
    expect(evaluateThreshold(latency, measured({ ...coarse, resolution: 201 }), []).verdict).toBe(
      "inconclusive",
    );
    expect(evaluateThreshold(latency, measured({ ...coarse, resolution: 200 }), []).verdict).toBe(
      "pass",
    );
  });

  it("is inconclusive when the measurement or the run doubts itself", () => {
    const kept = measured({ value: 0, bound: 0.0003 });
    expect(evaluateThreshold(errorRate, kept, ["No pod terminated."]).verdict).toBe("inconclusive");
    expect(evaluateThreshold(errorRate, { ...kept, doubts: ["why"] }, []).because).toBe("why");
  });

  it("reads 100 % as what was seen, since no sample can prove it", () => {
    const all: Threshold = {
      metric: "transaction-completion-rate",
      operator: "=",
      limit: 1,
      text: "100%",
    };
    const complete = measured({ metric: "transaction-completion-rate", value: 1, bound: 0.99 });
    expect(evaluateThreshold(all, complete, []).verdict).toBe("pass");
    expect(evaluateThreshold(all, { ...complete, value: 0.999 }, []).verdict).toBe("fail");
  });
});
