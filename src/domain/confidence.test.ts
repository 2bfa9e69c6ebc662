import { describe, expect, it } from "vitest";
import { lowerBound, triesToProve, upperBound } from "./confidence.ts";

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

  it("asks for more when it has to be surer", () => {
    expect(upperBound(0, 100, 0.99)).toBeCloseTo(1 - 0.01 ** (1 / 100), 12);
    expect(upperBound(5, 100, 0.99)).toBeGreaterThan(upperBound(5, 100));
  });
});

describe("lowerBound", () => {
  it("agrees with published Clopper-Pearson bounds", () => {
    // R's qbeta(0.05, x, n - x + 1).
    expect(lowerBound(1, 10)).toBeCloseTo(0.005_116, 5);
    expect(lowerBound(5, 100)).toBeCloseTo(0.019_914, 4);
    expect(lowerBound(10, 10)).toBeCloseTo(0.05 ** (1 / 10), 12);
  });

  it("is the upper bound of the opposite", () => {
    expect(lowerBound(3, 40)).toBeCloseTo(1 - upperBound(37, 40), 10);
  });

  it("rules nothing out when nothing was tried or nothing failed", () => {
    expect(lowerBound(0, 0)).toBe(0);
    expect(lowerBound(0, 1_000)).toBe(0);
  });
});

describe("triesToProve", () => {
  it.each([
    [0, 0.95],
    [0, 0.99],
    [1, 0.95],
    [7, 0.99],
  ])(
    "is the smallest sample whose bound lies at or below the limit, with %i failures at %f",
    (failures, confidence) => {
      const tries = triesToProve(0.001, failures, confidence);
      expect(upperBound(failures, tries, confidence)).toBeLessThanOrEqual(0.001);
      expect(upperBound(failures, tries - 1, confidence)).toBeGreaterThan(0.001);
    },
  );

  it("knows that no sample proves that nothing ever fails", () => {
    expect(triesToProve(0)).toBe(Number.POSITIVE_INFINITY);
  });
});
