import { describe, expect, it } from "vitest";
import { aHistory } from "#test/support/builders.ts";
import { soFarOf } from "#test/support/so-far.ts";
import { CountedSeries } from "./counted-series.ts";

describe("CountedSeries", () => {
  it("draws a run of hours with as few points as one of minutes, and loses no request", () => {
    const counted = new CountedSeries();
    for (let second = 0; second < 7_200; second++) {
      counted.see([{ stream: "visit", requests: 10, failures: 1, inFlight: 0 }], second * 1_000);
    }
    const facts = counted.inPlaceOf(soFarOf(aHistory()).draw());
    const { series, seriesBucketMs } = facts;
    expect(series.length).toBeLessThanOrEqual(400);
    expect(series.reduce((sum, { requests }) => sum + requests, 0)).toBe(72_000);
    expect(facts.closing.streams).toMatchObject([{ stream: "visit", failed: 7_200, ok: 64_800 }]);
    const apart = series.slice(1).map(({ atMs }, place) => atMs - (series[place]?.atMs ?? 0));
    expect(new Set(apart)).toEqual(new Set([seriesBucketMs]));
  });
});
