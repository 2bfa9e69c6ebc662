import { describe, expect, it } from "vitest";
import { ageOf, formatDuration } from "./age.ts";

describe("formatDuration", () => {
  it.each([
    [0, "0s"],
    [119_999, "119s"],
    [120_000, "2m"],
    [200_000, "3m20s"],
    [11 * 60_000, "11m"],
    [3 * 3_600_000, "3h"],
    [3.5 * 3_600_000, "3h30m"],
    [9.5 * 3_600_000, "9h"],
    [50 * 3_600_000, "2d2h"],
    [20 * 86_400_000, "20d"],
    [800 * 86_400_000, "2y70d"],
    [-5_000, "<invalid>"],
  ])("writes %d ms as %s", (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  it("does not know the age of what has no timestamp", () => {
    expect(ageOf(null, 0)).toBe("<unknown>");
  });
});
