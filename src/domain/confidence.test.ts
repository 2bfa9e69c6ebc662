import { describe, expect, it } from "vitest";
import { triesToProve, upperBound } from "./confidence.ts";

describe("upperBound", () => {
  it("knows the closed form when nothing failed", () => {
    expect(upperBound(0, 31_200)).toBeCloseTo(0.000_096, 6);
  });

  it("agrees with published Clopper-Pearson bounds", () => {
    // One-sided 95 % bounds from the beta quantile, as R's qbeta(0.95, x + 1, n - x) gives them.
    expect(upperBound(1, 10)).toBeCloseTo(0.394_163, 5);
    expect(upperBound(5, 100)).toBeCloseTo(0.102_253, 5);
    expect(upperBound(40, 2_000)).toBeCloseTo(0.025_994, 4);
  });

  it("rules nothing out when nothing was tried or everything failed", () => {
    expect(upperBound(0, 0)).toBe(1);
    expect(upperBound(7, 7)).toBe(1);
  });
});

describe("triesToProve", () => {
  it("is the smallest sample whose bound lies at or below the limit", () => {
    const tries = triesToProve(0.001);
    expect(upperBound(0, tries)).toBeLessThanOrEqual(0.001);
    expect(upperBound(0, tries - 1)).toBeGreaterThan(0.001);
  });
});
