import { describe, expect, it } from "vitest";
import { evaluateThreshold, type RunGrounds } from "./evaluate-threshold.ts";
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

const plain: RunGrounds = { doubts: [], terminations: 10, confidence: 0.95 };

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
    const result = evaluateThreshold(errorRate, measured({ value: 0, bound: 0.0003 }), plain);
    expect([result.verdict, result.because]).toEqual([
      "pass",
      "0 % keeps <0.1%, below 0.03 % with 95 % confidence.",
    ]);
  });

  it("fails a broken promise, however small the sample", () => {
    const result = evaluateThreshold(
      errorRate,
      measured({ value: 0.5, bound: 0.9, sample: 2 }),
      plain,
    );
    expect(result.verdict).toBe("fail");
  });

  it("fails a broken promise in spite of doubts: the failures were seen", () => {
    const result = evaluateThreshold(errorRate, measured({ value: 0.5 }), {
      ...plain,
      doubts: ["watch was blind"],
    });
    expect(result.verdict).toBe("fail");
  });

  it("is inconclusive when nothing was measured", () => {
    expect(evaluateThreshold(errorRate, measured({}), plain).verdict).toBe("inconclusive");
    expect(evaluateThreshold(errorRate, measured({ value: Number.NaN }), plain).verdict).toBe(
      "inconclusive",
    );
  });

  it.each([
    [
      0,
      1_000,
      "About 1995 more requests without a failure are needed: 20 more terminations, at 100",
    ],
    [0, 2_994, "About 1 more requests without a failure are needed: 1 more termination, at 299"],
    [
      1,
      2_000,
      "About 2742 more requests without a further failure are needed: 14 more terminations",
    ],
  ])("says what is missing after %i failures of %i", (failures, tried, missing) => {
    const result = evaluateThreshold(
      errorRate,
      measured({
        value: failures / tried,
        bound: 0.003,
        sample: tried,
        boundOn: { of: "requests", failures, tried },
      }),
      plain,
    );
    expect(result.verdict).toBe("inconclusive");
    expect(result.because).toContain(missing);
  });

  it("asks for more cases when it has to be surer", () => {
    const small = measured({ value: 0, bound: 0.003, sample: 1_000 });
    const surer = evaluateThreshold(errorRate, small, { ...plain, confidence: 0.99 });
    expect(surer.because).toContain("About 3603 more cases");
  });

  it("is inconclusive when it was measured less than ten times finer than the promise", () => {
    const coarse = { metric: "deregistration-latency", value: 100 } as const;
    expect(
      evaluateThreshold(latency, measured({ ...coarse, resolution: 201 }), plain).verdict,
    ).toBe("inconclusive");
    expect(
      evaluateThreshold(latency, measured({ ...coarse, resolution: 200 }), plain).verdict,
    ).toBe("pass");
  });

  it("is inconclusive when what this machine hid may have broken the promise, and only then", () => {
    const verdictOf = (value: number, atWorst: number) =>
      evaluateThreshold(
        latency,
        measured({
          metric: "deregistration-latency",
          value,
          atWorst: { value: atWorst, because: "This machine stalled." },
        }),
        plain,
      );
    expect(verdictOf(100, 2_000)).toMatchObject({
      verdict: "inconclusive",
      because: "This machine stalled.",
    });
    expect(verdictOf(100, 1_999).verdict).toBe("pass");
    expect(verdictOf(2_000, 2_500).verdict).toBe("fail");
  });

  it("is inconclusive when the measurement or the run doubts itself", () => {
    const kept = measured({ value: 0, bound: 0.0003 });
    expect(
      evaluateThreshold(errorRate, kept, { ...plain, doubts: ["No pod terminated."] }).verdict,
    ).toBe("inconclusive");
    expect(evaluateThreshold(errorRate, { ...kept, doubts: ["why"] }, plain).because).toBe("why");
  });

  it("reads 100 % as what was seen, since no sample can prove it", () => {
    const all: Threshold = {
      metric: "transaction-completion-rate",
      operator: "=",
      limit: 1,
      text: "100%",
    };
    const complete = measured({ metric: "transaction-completion-rate", value: 1, bound: 0.99 });
    expect(evaluateThreshold(all, complete, plain).verdict).toBe("pass");
    expect(evaluateThreshold(all, { ...complete, value: 0.999 }, plain).verdict).toBe("fail");
  });
});
