import { describe, expect, it } from "vitest";
import { LiveRun } from "./live-run.ts";

describe("LiveRun", () => {
  it("draws a run of hours with as few points as one of minutes, and loses no request", () => {
    const run = new LiveRun("shop", () => undefined);
    for (let second = 0; second < 7_200; second++) {
      run.load([{ stream: "visit", requests: 10, failures: 1, inFlight: 0 }], second * 1_000);
    }
    const points = run.series.get("visit") ?? [];
    expect(points.length).toBeLessThanOrEqual(400);
    expect(points.reduce((sum, { requests }) => sum + requests, 0)).toBe(72_000);
    expect(points.reduce((sum, { failures }) => sum + failures, 0)).toBe(7_200);
    const apart = points.slice(1).map(({ atMs }, place) => atMs - (points[place]?.atMs ?? 0));
    expect(new Set(apart)).toEqual(new Set([run.bucketMs]));
  });
});
