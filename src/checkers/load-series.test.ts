import { describe, expect, it } from "vitest";
import { anExchange, RESET } from "#test/support/builders.ts";
import { LoadSeries } from "./load-series.ts";

describe("LoadSeries", () => {
  it("counts by the moment a request was due, with latency counted from there", () => {
    const series = new LoadSeries(10_000);
    series.see(anExchange({ scheduledAtMs: 120, sentAtMs: 250, endedAtMs: 260 }));
    series.see(anExchange({ scheduledAtMs: 130, sentAtMs: 130, outcome: RESET }));
    const [point] = series.points();
    expect(point).toMatchObject({ stream: "reused", atMs: 100, requests: 2, failures: 1 });
    expect(point?.maxMs).toBe(140);
  });

  it("does not show what was never sent as a failure", () => {
    const series = new LoadSeries(10_000);
    const outcome = { type: "undelivered", reason: "no-free-connection" } as const;
    series.see(anExchange({ outcome }));
    expect(series.points()).toEqual([]);
  });

  it("draws a run that goes on ever more coarsely, and loses nothing by it", () => {
    const growing = new LoadSeries(undefined);
    for (let second = 0; second < 7_200; second++) {
      const scheduledAtMs = second * 1_000;
      const endedAtMs = scheduledAtMs + 500;
      growing.see(anExchange({ scheduledAtMs, sentAtMs: scheduledAtMs, endedAtMs }));
    }
    const points = growing.points();
    expect(points.length).toBeLessThanOrEqual(400);
    expect(points.reduce((sum, { requests }) => sum + requests, 0)).toBe(7_200);
    const underWay = points.reduce((sum, { inFlight = 0 }) => sum + inFlight, 0);
    expect(underWay * growing.bucketMs).toBeCloseTo(7_200 * 500, 3);
    expect(new Set(points.map(({ maxMs }) => maxMs))).toEqual(new Set([500]));
  });

  it("widens its buckets with the length of the run", () => {
    expect([new LoadSeries(10_000).bucketMs, new LoadSeries(3_600_000).bucketMs]).toEqual([
      100, 12_000,
    ]);
  });
});
