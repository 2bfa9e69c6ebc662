import { describe, expect, it } from "vitest";
import { MeanInFlight } from "./mean-in-flight.ts";

describe("MeanInFlight", () => {
  it("spreads a request over all the time that it was under way", () => {
    const mean = new MeanInFlight(100);
    mean.see(50, 350);
    expect(mean.means()).toEqual([0.5, 1, 1, 0.5]);
  });

  it("adds up requests that overlap, within a bucket and beyond it", () => {
    const mean = new MeanInFlight(100);
    mean.see(0, 25);
    mean.see(25, 75);
    mean.see(0, 200);
    expect(mean.means()).toEqual([1.75, 1, 0]);
  });
});
