import { describe, expect, it } from "vitest";
import { BackOff, describeDelay } from "./back-off.ts";

describe("BackOff", () => {
  it("lets the first restart through, then doubles the delay up to the longest", () => {
    const backOff = new BackOff(10_000, 40_000);
    expect(backOff.remainingMs("app", 0, 0)).toBe(0);
    for (const delayMs of [10_000, 20_000, 40_000, 40_000]) {
      backOff.next("app", 0, 0);
      expect(backOff.remainingMs("app", 1_000, 0)).toBe(delayMs - 1_000);
    }
  });

  it("counts the delay from the failure, and forgets after twice the longest delay", () => {
    const backOff = new BackOff(10_000, 40_000);
    backOff.next("app", 0);
    backOff.next("app", 0);
    expect(backOff.remainingMs("app", 70_000, 60_000)).toBe(10_000);
    expect(backOff.remainingMs("app", 80_001, 80_001)).toBe(0);
    backOff.next("app", 90_000, 90_000);
    expect(backOff.delayMs("app")).toBe(10_000);
  });
});

describe("describeDelay", () => {
  it("prints seconds and minutes as Go does", () => {
    expect([10_000, 80_000, 300_000].map(describeDelay)).toEqual(["10s", "1m20s", "5m0s"]);
  });
});
