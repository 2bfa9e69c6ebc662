import { describe, expect, it } from "vitest";
import { fisherExact } from "./fisher-exact.ts";

const p = (failuresA: number, triedA: number, failuresB: number, triedB: number) =>
  fisherExact({ failures: failuresA, tried: triedA }, { failures: failuresB, tried: triedB });

describe("fisherExact", () => {
  it("agrees with Fisher's own tables", () => {
    // The lady tasting tea: 3 of 4 right and 1 of 4 wrong; two-sided 34/70.
    expect(p(3, 4, 1, 4)).toBeCloseTo(34 / 70, 12);
    expect(p(4, 4, 0, 4)).toBeCloseTo(2 / 70, 12);
    // 1 of 10 against 9 of 10: two-sided twice 101 / C(20, 10).
    expect(p(1, 10, 9, 10)).toBeCloseTo(202 / 184_756, 12);
  });

  it("is the same from both sides", () => {
    expect(p(2, 1_000, 9, 1_500)).toBeCloseTo(p(9, 1_500, 2, 1_000), 12);
    expect(p(2, 1_000, 9, 1_500)).toBeCloseTo(p(998, 1_000, 1_491, 1_500), 9);
  });

  it("finds nothing where nothing or everything failed", () => {
    expect([p(0, 100, 0, 200), p(5, 5, 7, 7), p(0, 0, 3, 10)]).toEqual([1, 1, 1]);
  });

  it("stays exact where chances are too small for a double", () => {
    expect(p(0, 100_000, 5_000, 100_000)).toBeLessThan(1e-300);
    expect(p(2_500, 100_000, 2_500, 100_000)).toBeCloseTo(1, 9);
  });
});
