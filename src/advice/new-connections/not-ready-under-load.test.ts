import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { measured, promised } from "#test/support/report-builders.ts";
import { notReadyUnderLoad } from "./not-ready-under-load.ts";

describe("notReadyUnderLoad", () => {
  const fault = () => faulty("not-ready-under-load");

  it("speaks when pods that stay lost their readiness, in the kubelet's words", () => {
    const advice = ask(notReadyUnderLoad, fault());
    expect(advice?.explanation).toContain("2 pods that nobody had asked to leave");
    expect(advice?.explanation).toContain("context deadline exceeded");
    expect(advice?.explanation).toContain("2 new connections found no ready endpoint");
  });

  it("is silent when nothing came of it, unless a promise of capacity was broken", () => {
    const harmless = { ...fault(), marks: [] };
    expect(ask(notReadyUnderLoad, harmless)).toBeUndefined();
    const results = [promised(measured("capacity", 0), "fail")];
    expect(ask(notReadyUnderLoad, { ...harmless, results })?.cause).toBe("not-ready-under-load");
  });

  it("is silent on a leaving pod that fails its probe, as it should", () => {
    const { lanes, ...report } = faulty("single-replica");
    const flipping = lanes.map((lane) => ({
      ...lane,
      endpoint: [...lane.endpoint, { atMs: 5_500, state: "not-ready" } as const],
    }));
    expect(ask(notReadyUnderLoad, { ...report, lanes: flipping })).toBeUndefined();
  });
});
