import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { readinessStaysTrue } from "./readiness-stays-true.ts";

describe("readinessStaysTrue", () => {
  const fault = () => faulty("readiness-stays-true");

  it("speaks when connections came for longer than kube-proxy explains, and never says more than possible", () => {
    const advice = ask(readinessStaysTrue, fault());
    expect(advice?.explanation).toContain("the readiness probe passed until the exit");
    expect(advice?.explanation).toContain("up to 2.98 s after the endpoint was no longer ready");
    expect(advice?.confidence).toBe("possible");
  });

  it("is silent where it is told from its neighbour", () => {
    expect(ask(readinessStaysTrue, faulty("readiness-too-slow"))).toBeUndefined();
  });

  it("is silent where readiness makes no difference: nothing came late, or nothing was lost", () => {
    expect(ask(readinessStaysTrue, faulty("pre-stop-too-short"))).toBeUndefined();
    expect(ask(readinessStaysTrue, { ...fault(), marks: [] })).toBeUndefined();
  });

  it("is silent when the pod did become not ready in time", () => {
    const lanes = fault().lanes.map((lane) => ({ ...lane, notReadyAtMs: 5_900 }));
    expect(ask(readinessStaysTrue, { ...fault(), lanes })).toBeUndefined();
  });
});
