import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aLeaving, aReport } from "#test/support/report-builders.ts";
import { preStopFails } from "./pre-stop-fails.ts";

describe("preStopFails", () => {
  it("speaks when the kubelet warned, and keeps the length of the sleep that failed", () => {
    const advice = ask(preStopFails, faulty("pre-stop-fails"));
    expect(advice?.explanation).toContain("The preStop hook of 2 of 2 pods failed");
    expect(advice?.patch).toContain("seconds: 5");
  });

  const warned = (atMs: number) => {
    const warning = { reason: "FailedPreStopHook", message: "", firstAtMs: atMs, lastAtMs: atMs };
    return aReport({ leaving: [aLeaving({ sleepSeconds: 3, lane: { warnings: [warning] } })] });
  };

  it("is a hint where nothing was lost by it", () => {
    expect(ask(preStopFails, warned(5_050))).toMatchObject({ hint: true });
    expect(ask(preStopFails, faulty("pre-stop-fails"))).not.toHaveProperty("hint");
  });

  it("is silent when the hook failed in an earlier life of the pod, or not at all", () => {
    expect(ask(preStopFails, warned(1_000))).toBeUndefined();
    expect(ask(preStopFails, faulty("no-pre-stop"))).toBeUndefined();
  });

  it("is silent when the hook died with its container, after the grace was over", () => {
    expect(ask(preStopFails, warned(17_000))).toBeUndefined();
  });

  it("is silent when the hook itself made the program end, and died with it", () => {
    expect(ask(preStopFails, warned(8_900))).toBeUndefined();
    expect(ask(preStopFails, warned(8_000))).toBeUndefined();
    expect(ask(preStopFails, warned(6_500))?.cause).toBe("pre-stop-fails");
  });
});
