import { describe, expect, it } from "vitest";
import { LatencyHistogram } from "./latency-histogram.ts";

function histogramOf(latencies: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const latency of latencies) histogram.record(latency);
  return histogram;
}

describe("LatencyHistogram", () => {
  const latencies = Array.from({ length: 1000 }, (_, i) => (i + 1) * 0.731);

  it("is within 0.8 % of the exact quantile", () => {
    const histogram = histogramOf(latencies);
    for (const quantile of [0.5, 0.9, 0.99, 0.999]) {
      const exact = latencies[Math.ceil(quantile * 1000) - 1] ?? 0;
      const measured = histogram.atQuantile(quantile) ?? 0;
      expect(Math.abs(measured - exact) / exact).toBeLessThan(0.008);
    }
  });

  it("is as fine for answers that took hours", () => {
    for (const hours of [1.1, 1.2, 30]) {
      const exact = hours * 3_600_000;
      const measured = histogramOf([exact, 2 * exact]).atQuantile(0.5) ?? 0;
      expect(Math.abs(measured - exact) / exact).toBeLessThan(0.008);
    }
  });

  it("gives the same answers merged as recorded in one", () => {
    const merged = histogramOf(latencies.slice(0, 300));
    merged.merge(histogramOf(latencies.slice(300)));
    const whole = histogramOf(latencies);
    for (const quantile of [0.1, 0.5, 0.99]) {
      expect(merged.atQuantile(quantile)).toBe(whole.atQuantile(quantile));
    }
    expect([merged.total, merged.maxMs]).toEqual([whole.total, whole.maxMs]);
  });

  it("has no quantile and no maximum when nothing was recorded", () => {
    expect([histogramOf([]).atQuantile(0.5), histogramOf([]).maxMs]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
