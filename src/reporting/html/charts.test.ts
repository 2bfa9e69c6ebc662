import { describe, expect, it } from "vitest";
import type { SeriesPoint } from "#domain/report.ts";
import { latencyRow } from "./latency-chart.ts";
import { rateRows } from "./rate-chart.ts";
import { timeScale } from "./time-scale.ts";

const axis = { scale: timeScale(0, 1000), bucketMs: 100 };

describe("rateRows", () => {
  it("returns to the base line where points are missing", () => {
    const chart = rates([aPoint({ atMs: 0 }), aPoint({ atMs: 100 }), aPoint({ atMs: 500 })]);
    expect(path(chart, "area")).toBe("M0 100V100H0V0H100V0H200V100H500V0H600V100Z");
  });

  it("draws failures on a scale of their own, and only where there are any", () => {
    const chart = rates([aPoint({ atMs: 0 }), aPoint({ atMs: 200, failures: 2 })]);
    expect(path(chart, "bars")).toBe("M200 100V0H300V100Z");
    expect(chart).toContain("Failed requests on fresh: 2 in all, most of them, 20/s, at 0.200 s.");
  });

  it("has no row for failures when there are none", () => {
    expect(rates([aPoint({ atMs: 0 })])).not.toContain("failed/s");
  });
});

describe("latencyRow", () => {
  it("breaks the line where a bucket had no answer", () => {
    const points = [
      aPoint({ atMs: 0, p50Ms: 1 }),
      aPoint({ atMs: 100 }),
      aPoint({ atMs: 200, p50Ms: 10 }),
      aPoint({ atMs: 300, p50Ms: 10 }),
    ];
    expect(path(latencies(points), "line p50")).toBe("M50 100.00M250 0.00L350 0.00");
  });

  it("is labelled at whole decades that hold every value", () => {
    const chart = latencies([aPoint({ atMs: 0, p50Ms: 3, maxMs: 450 })]);
    const labels = [...chart.matchAll(/class="tick-y"[^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(labels).toEqual(["1 ms", "10 ms", "100 ms", "1 s"]);
  });

  it("names every second decade when there are many", () => {
    const chart = latencies([aPoint({ atMs: 0, p50Ms: 0.02, maxMs: 9000 })]);
    expect(chart.match(/class="tick-y"/g)).toHaveLength(4);
  });

  it("is left out when nothing was ever answered", () => {
    expect(latencyRow({ stream: "fresh", points: [aPoint({ atMs: 0 })] }, axis)).toBeUndefined();
  });
});

function rates(points: readonly SeriesPoint[]): string {
  return rateRows({ stream: "fresh", points }, axis).toString();
}

function latencies(points: readonly SeriesPoint[]): string {
  return latencyRow({ stream: "fresh", points }, axis)?.toString() ?? "";
}

function path(chart: string, name: string): string | undefined {
  return new RegExp(`class="${name}" d="([^"]*)"`).exec(chart)?.[1];
}

function aPoint(overrides: Partial<SeriesPoint> & { readonly atMs: number }): SeriesPoint {
  return { stream: "fresh", requests: 10, failures: 0, ...overrides };
}
