import { describe, expect, it } from "vitest";
import { tickLabel, ticksOf, timeScale } from "./time-scale.ts";

describe("timeScale", () => {
  it("places instants in percent and keeps those outside at the edge", () => {
    const scale = timeScale(1000, 5000);
    expect([0, 1000, 2000, 5000, 9000].map(scale.percent)).toEqual([0, 0, 25, 100, 100]);
  });

  it("gives a run without length a second, so that nothing divides by zero", () => {
    expect(timeScale(500, 500).untilMs).toBe(1500);
  });
});

describe("ticksOf", () => {
  it("puts at most the asked number of ticks at round times", () => {
    expect(ticksOf(timeScale(1400, 31_000), 9)).toEqual([
      5000, 10_000, 15_000, 20_000, 25_000, 30_000,
    ]);
  });

  it("labels minutes once there are any", () => {
    expect(tickLabel(5000, timeScale(0, 60_000))).toBe("5 s");
    expect(tickLabel(125_000, timeScale(0, 600_000))).toBe("2:05");
  });
});
