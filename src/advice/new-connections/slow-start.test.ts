import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure } from "#test/support/report-builders.ts";
import { slowStart } from "./slow-start.ts";

describe("slowStart", () => {
  it("speaks when a new pod without a probe was asked before it could answer", () => {
    const advice = ask(slowStart, faulty("slow-start"));
    expect(advice?.explanation).toContain("the first answer came up to 2.1 s later");
    expect(advice?.explanation).toContain("The container has no readiness probe");
    expect(advice?.confidence).toBe("proven");
  });

  it("is silent when the new pod answered soon: then the leaving one was met", () => {
    const { lanes, ...report } = faulty("slow-start");
    const prompt = lanes.map((lane) =>
      lane.termination === undefined ? { ...lane, firstAnswerAtMs: 4_950 } : lane,
    );
    expect(ask(slowStart, { ...report, lanes: prompt })).toBeUndefined();
  });

  it("is silent when nobody knows who answered: then a new pod's silence says nothing against it", () => {
    const { lanes, ...report } = faulty("slow-start");
    const nameless = lanes.map(({ firstAnswerAtMs: _, ...lane }) => lane);
    expect(ask(slowStart, { ...report, lanes: nameless })).toBeUndefined();
  });

  it("is silent on pods that were there before the load", () => {
    const marks = [aFailure({ atMs: 1_000, reason: "server-error", status: 500, pod: "web-1" })];
    expect(ask(slowStart, { ...faulty("slow-start"), marks })).toBeUndefined();
  });
});
