import { describe, expect, it } from "vitest";
import type { ArrivalRate } from "#domain/load-profile.ts";
import type { Observation } from "#domain/observation.ts";
import { aHistory, aStream, endpointsAt, leaving } from "#test/support/builders.ts";
import { choiceMs, resolutionMs } from "./choice-resolution.ts";
import { gatherFacts } from "./run-facts.ts";

/** The standard history: load from 0 ms, one pod of two leaves at 4,000 ms. */
const choiceOf = (arrival: ArrivalRate, observations = leaving()) =>
  choiceMs(gatherFacts(aHistory({ load: [aStream({ type: "fresh", arrival })], observations })));

const constant = (perSecond: number): ArrivalRate => ({ type: "constant", perSecond });
const ramp = (fromPerSecond: number, perSecond: number, rampMs: number): ArrivalRate => ({
  type: "ramp",
  fromPerSecond,
  perSecond,
  rampMs,
});

const ready = (from: number, count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`web-${from + i}`, "ready"] as const),
  );

describe("resolutionMs", () => {
  it("grows with the endpoints among which a connection must choose", () => {
    expect(resolutionMs(200, 10)).toBeCloseTo(142.4, 1);
    expect(resolutionMs(1_000, 2)).toBeCloseTo(4.33, 2);
  });
});

describe("choiceMs", () => {
  it("takes a rising ramp for the rate at the first deletion, not for the one at its end", () => {
    expect(choiceOf(ramp(0, 1_000, 40_000))).toBeCloseTo(choiceOf(constant(100)), 6);
    expect(choiceOf(ramp(0, 1_000, 2_000))).toBeCloseTo(choiceOf(constant(1_000)), 6);
  });

  it("takes a falling ramp for the rate at its end", () => {
    expect(choiceOf(ramp(1_000, 2, 60_000))).toBeCloseTo(choiceOf(constant(2)), 6);
    expect(choiceOf(ramp(1_000, 0, 60_000))).toBe(Number.POSITIVE_INFINITY);
  });

  it("takes a Poisson stream for its mean", () => {
    const poisson = { type: "poisson", perSecond: 100, seed: 1 } as const;
    expect(choiceOf(poisson)).toBeCloseTo(choiceOf(constant(100)), 6);
  });

  it("counts the ready pods of all slices, each once", () => {
    const slice = (name: string, from: number) =>
      ({ ...endpointsAt(5, ready(from, 100)), slice: name }) as Observation;
    const slices = [slice("web-a", 0), slice("web-b", 100), slice("web-b-ipv6", 100)];
    expect(choiceOf(constant(1_000), [...slices, ...leaving()])).toBeCloseTo(
      resolutionMs(1_000, 200),
      6,
    );
  });
});
