import { describe, expect, it } from "vitest";
import { parseDuration } from "./parse-duration.ts";

describe("parseDuration", () => {
  it.each([
    ["300ms", 300],
    ["5s", 5_000],
    ["2m", 120_000],
    ["0s", 0],
    ["2.3s", 2_300],
    ["0.5 min", 30_000],
    [" 2 秒 ", 2_000],
    ["２５０毫秒", 250],
    ["1分", 60_000],
    ["3分鐘", 180_000],
    ["3分钟", 180_000],
  ])("reads %s as %d ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(["5", "", "s", "-5s", "5 h", "1e3s", "5s5s", "1,5s", ".5s", "fast"])(
    "refuses %j, which has no number, no unit, or one it does not know",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});
