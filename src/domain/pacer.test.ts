import { describe, expect, it } from "vitest";
import { pacerFor } from "./pacer.ts";

describe("pacerFor", () => {
  it("spaces a constant rate evenly, without adding up rounding errors", () => {
    const pacer = pacerFor({ type: "constant", perSecond: 3 });
    expect(pacer(0)).toBe(0);
    expect(pacer(3_000_000)).toBe(1_000_000_000);
  });

  it("gives a ramp the mean rate while it lasts and the final rate after", () => {
    const pacer = pacerFor({ type: "ramp", fromPerSecond: 100, perSecond: 300, rampMs: 2_000 });
    expect(pacer(0)).toBe(0);
    expect(pacer(150)).toBeCloseTo(1_000, 9);
    expect(pacer(400)).toBeCloseTo(2_000, 9);
    expect(pacer(700)).toBeCloseTo(3_000, 9);
    expect(pacer(1) - pacer(0)).toBeCloseTo(10, 0);
  });

  it("lets a ramp fall, rise from nothing, and end in silence", () => {
    const falling = pacerFor({ type: "ramp", fromPerSecond: 300, perSecond: 0, rampMs: 2_000 });
    expect(falling(300)).toBeCloseTo(2_000, 3);
    expect(falling(301)).toBe(Number.POSITIVE_INFINITY);
    const rising = pacerFor({ type: "ramp", fromPerSecond: 0, perSecond: 200, rampMs: 1_000 });
    expect(rising(0)).toBe(0);
    expect(rising(25)).toBeCloseTo(500, 9);
    const flat = pacerFor({ type: "ramp", fromPerSecond: 200, perSecond: 200, rampMs: 1_000 });
    expect(flat(50)).toBeCloseTo(250, 9);
  });

  it("draws exponential gaps of the asked mean, as spread out as independent arrivals are", () => {
    const pacer = pacerFor({ type: "poisson", perSecond: 1_000, seed: 7 });
    const moments = Array.from({ length: 20_001 }, (_, index) => pacer(index));
    const gaps = moments.slice(1).map((moment, index) => moment - (moments[index] ?? Number.NaN));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(mean).toBeGreaterThan(0.98);
    expect(mean).toBeLessThan(1.02);
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.97);
    expect(Math.sqrt(variance) / mean).toBeLessThan(1.03);
    const longerThanMean = gaps.filter((gap) => gap > 1).length / gaps.length;
    expect(longerThanMean).toBeCloseTo(Math.exp(-1), 1);
  });

  it("repeats Poisson arrivals for the same seed, in whatever order they are asked for", () => {
    const arrival = { type: "poisson", perSecond: 50, seed: 1 } as const;
    const inOrder = pacerFor(arrival);
    const first = Array.from({ length: 100 }, (_, index) => inOrder(index));
    expect(inOrder(40)).toBe(first[40]);
    expect(pacerFor(arrival)(99)).toBe(first[99]);
    expect(pacerFor({ ...arrival, seed: 2 })(99)).not.toBe(first[99]);
  });
});
