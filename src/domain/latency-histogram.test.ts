import { build } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import { LatencyHistogram } from "./latency-histogram.ts";
import { seededRandom } from "./seeded-random.ts";

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

  it("says of no share more than the slowest took", () => {
    const histogram = histogramOf([100.3]);
    expect([histogram.atQuantile(0.5), histogram.atQuantile(1)]).toEqual([100.3, 100.3]);
  });

  it("has no quantile and no maximum when nothing was recorded", () => {
    expect([histogramOf([]).atQuantile(0.5), histogramOf([]).maxMs]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

/** Drawn by the inverse of each distribution from one share after the other. */
const DISTRIBUTIONS: Readonly<Record<string, (share: number, other: number) => number>> = {
  "all alike": () => 12.345,
  uniform: (share) => 1 + 99 * share,
  "log-normal": (share, other) =>
    4 * Math.exp(Math.sqrt(-2 * Math.log(share)) * Math.cos(2 * Math.PI * other)),
  "two peaks, a second apart": (share, other) => (share < 0.97 ? 2 : 1_000) + other,
  "a tail of hours": (share) => Math.min(5 * share ** -1.5, 20_000_000),
  "below a millisecond": (share) => 0.02 + 0.5 * share ** 4,
};

describe.each(Object.entries(DISTRIBUTIONS))("beside HdrHistogram, %s", (_, draw) => {
  const random = seededRandom(7);
  const latencies = Array.from({ length: 20_000 }, () => draw(1 - random(), random()));
  const ours = histogramOf(latencies);
  // Three digits: its own error is an eighth of what ours may be.
  const hdr = build({ numberOfSignificantValueDigits: 3, autoResize: true });
  for (const latency of latencies) hdr.recordValue(Math.round(latency * 1000));

  it.each([0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1])("quantile %d agrees", (quantile) => {
    const theirsMs = hdr.getValueAtPercentile(quantile * 100) / 1000;
    const oursMs = ours.atQuantile(quantile) ?? 0;
    expect(oursMs / theirsMs).toBeGreaterThan(0.9985);
    expect(oursMs / theirsMs).toBeLessThan(1.008);
  });

  it("two halves merge to the same as theirs", () => {
    const merged = histogramOf(latencies.slice(0, 7_000));
    merged.merge(histogramOf(latencies.slice(7_000)));
    expect(merged.total).toBe(hdr.totalCount);
    expect(merged.atQuantile(0.99)).toBe(ours.atQuantile(0.99));
  });
});

it("counts what took no longer than each bound, and sums up, also over two that were merged", () => {
  const merged = histogramOf([0.4, 3, 40]);
  merged.merge(histogramOf([4, 7_000]));
  expect(merged.countsUpTo([1, 5, 50, 1_000])).toEqual([1, 3, 4, 4]);
  expect(merged.sumMs).toBeCloseTo(7_047.4, 6);
});
