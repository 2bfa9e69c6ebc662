import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { readinessTooSlow } from "./readiness-too-slow.ts";

describe("readinessTooSlow", () => {
  const fault = () => faulty("readiness-too-slow");

  it("speaks when connections came for longer than kube-proxy explains, and never says more than possible", () => {
    const advice = ask(readinessTooSlow, fault());
    expect(advice?.explanation).toContain("needs 3 s to count");
    expect(advice?.explanation).toContain("up to 2.98 s after the endpoint was no longer ready");
    expect(advice?.confidence).toBe("possible");
  });

  it("is silent where it is told from its neighbour", () => {
    expect(ask(readinessTooSlow, faulty("readiness-stays-true"))).toBeUndefined();
  });

  it("is silent where readiness makes no difference: nothing came late, or nothing was lost", () => {
    expect(ask(readinessTooSlow, faulty("pre-stop-too-short"))).toBeUndefined();
    expect(ask(readinessTooSlow, { ...fault(), marks: [] })).toBeUndefined();
  });

  it("is silent when the pod did become not ready in time", () => {
    const lanes = fault().lanes.map((lane) => ({ ...lane, notReadyAtMs: 5_900 }));
    expect(ask(readinessTooSlow, { ...fault(), lanes })).toBeUndefined();
  });
});
