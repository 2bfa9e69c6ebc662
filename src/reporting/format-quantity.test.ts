import { describe, expect, it } from "vitest";
import { metricOf } from "#domain/metric.ts";
import {
  formatBound,
  formatCount,
  formatDuration,
  formatMinute,
  formatQuantity,
} from "./format-quantity.ts";

describe("formatQuantity", () => {
  it("writes shares as percent with three digits", () => {
    expect(formatQuantity("ratio", 0.00358974)).toBe("0.359 %");
    expect(formatQuantity("ratio", 0.25)).toBe("25 %");
  });

  it("never rounds a share to the 0 % or 100 % that it is not", () => {
    expect(formatQuantity("ratio", 0.9999988)).toBe("99.99988 %");
    expect(formatQuantity("ratio", 0.0000001)).toBe("0.00001 %");
    expect(formatQuantity("ratio", 0)).toBe("0 %");
    expect(formatQuantity("ratio", 1)).toBe("100 %");
  });

  it("adds the digits that tell a value from its limit", () => {
    expect(formatQuantity("ratio", 0.00099996, 0.001)).toBe("0.099996 %");
    expect(formatQuantity("ms", 1999.6, 2000)).toBe("1.9996 s");
    expect(formatQuantity("ms", 2000, 2000)).toBe("2 s");
  });

  it("chooses the unit of time by size", () => {
    expect(formatDuration(0.4)).toBe("0.4 ms");
    expect(formatDuration(240)).toBe("240 ms");
    expect(formatDuration(1240)).toBe("1.24 s");
    expect(formatDuration(124_000)).toBe("2 min 4 s");
  });

  it("separates thousands", () => {
    expect(formatQuantity("count", 31_200)).toBe("31,200");
    expect(formatCount(1_234_567)).toBe("1,234,567");
  });
});

describe("formatBound", () => {
  it("says on which side of the bound the truth lies", () => {
    expect(formatBound(metricOf("request-error-rate"), 0.000096)).toBe("≤ 0.0096 %");
    expect(formatBound(metricOf("transaction-completion-rate"), 0.9976)).toBe("≥ 99.76 %");
  });
});

describe("formatMinute", () => {
  it("says of which place the time is", () => {
    expect(formatMinute("2026-11-24T10:00:59.120Z")).toBe("2026-11-24 10:00 UTC");
  });
});
