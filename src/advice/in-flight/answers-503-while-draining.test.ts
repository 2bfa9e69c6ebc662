import { describe, expect, it } from "vitest";
import type { AttributionSummary } from "#domain/report.ts";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aReport } from "#test/support/report-builders.ts";
import { answers503WhileDraining } from "./answers-503-while-draining.ts";

describe("answers503WhileDraining", () => {
  it("speaks of complete answers with an error status from leaving pods", () => {
    const advice = ask(answers503WhileDraining, faulty("answers-503-while-draining"));
    expect(advice?.explanation).toContain("3 requests got a complete answer with status 503");
    expect(advice?.confidence).toBe("proven");
  });

  const answered = (atMs: number, status: number, pod = "web-1") =>
    aFailure({ atMs, reason: "server-error", status, pod });

  it("is silent when a proxy in front says that it reached nobody", () => {
    const marks = [aFailure({ atMs: 8_100, reason: "server-error", status: 502 })];
    expect(ask(answers503WhileDraining, aReport({ marks }))).toBeUndefined();
  });

  it("speaks of them where the data path is heard: then nobody else can have answered", () => {
    const marks = [aFailure({ atMs: 8_100, reason: "server-error", status: 502 })];
    const attribution: AttributionSummary = {
      ...{ failures: 1, provenByAnswer: 0, provenByDataPath: 0, ledToNobody: 0 },
      ...{ sameConnection: 0, inferred: 1, unknown: 0, contradicted: 0, compared: 0 },
      dataPath: "heard",
    };
    const advice = ask(answers503WhileDraining, { ...aReport({ marks }), attribution });
    expect(advice?.explanation).toContain("status 502");
  });

  it("is silent on answers of pods that were not leaving, or of ones that were not yet", () => {
    const marks = [answered(8_100, 503, "new-4500"), answered(3_000, 503)];
    expect(ask(answers503WhileDraining, aReport({ marks }))).toBeUndefined();
  });

  it("is silent when errors are as frequent where no pod leaves", () => {
    const anyway = [500, 600, 700].map((atMs) => answered(atMs, 503, "web-2"));
    expect(
      ask(answers503WhileDraining, aReport({ marks: [answered(8_100, 503), ...anyway] })),
    ).toBeUndefined();
  });
});
