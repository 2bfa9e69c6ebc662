import { describe, expect, it } from "vitest";
import type { Observation } from "#domain/observation.ts";
import { aHistory, aPod, endpointsAt, leaving, seen } from "#test/support/builders.ts";
import { measureAlone } from "#test/support/measure-alone.ts";
import { capacity } from "./capacity.ts";

/** The standard history: load from 0 to 10,000 ms, the first pod leaves at 4,000 ms. */
const measure = (...observations: Observation[]) =>
  measureAlone(capacity, aHistory({ observations }));

const desired = (count: number, atMs = 0): Observation => ({
  type: "workload",
  atMs,
  workload: {
    kind: "Deployment",
    name: "web",
    generation: 1,
    desired: count,
    ready: count,
    updated: count,
    available: count,
  },
});

const slice = (atMs: number, name: string, states: Parameters<typeof endpointsAt>[1]) =>
  ({ ...endpointsAt(atMs, states), slice: name }) as Observation;

const pods = (...names: string[]) => names.map((name) => seen(-500, aPod({ name }), "added"));

const two = pods("web-1", "web-2");
const bothReady = { "web-1": "ready", "web-2": "ready" } as const;
const oneReady = { "web-1": "not-ready", "web-2": "ready" } as const;

describe("capacity", () => {
  it("is the least share of the desired replicas that was ready under load", () => {
    expect(measure(desired(2), ...leaving())).toMatchObject({
      value: 0.5,
      sample: 3,
      summary: "at least 1 ready endpoints of 2 desired",
    });
  });

  it("does not count the time before the load", () => {
    const before = [endpointsAt(-500, {}), endpointsAt(-100, bothReady)];
    expect(measure(desired(2), ...two, ...before).value).toBe(1);
  });

  it("is not measured when the workload or its slices were not seen", () => {
    expect(measure(...leaving()).value).toBeUndefined();
    expect(measure(desired(2), ...two).value).toBeUndefined();
  });

  it("counts a pod once that stands in the slices of two address families", () => {
    const slices = (atMs: number, states: Parameters<typeof endpointsAt>[1]) => [
      slice(atMs, "web-ipv4", states),
      slice(atMs + 1, "web-ipv6", states),
    ];
    const seenSlices = [...slices(-100, bothReady), ...slices(4_000, oneReady)];
    expect(measure(desired(2), ...two, ...seenSlices).value).toBe(0.5);
  });

  it("counts the pods of all slices", () => {
    const slices = [
      slice(-100, "web-a", { "web-1": "ready" }),
      slice(-90, "web-b", { "web-2": "ready" }),
    ];
    expect(measure(desired(2), ...two, ...slices).value).toBe(1);
    const gone = { ...slice(4_000, "web-b", {}), change: "deleted" } as Observation;
    expect(measure(desired(2), ...two, ...slices, gone).value).toBe(0.5);
  });

  it("does not take a canary behind the same Service for a pod of the workload", () => {
    const slices = [-100, 4_000].map((atMs) => endpointsAt(atMs, { ...oneReady, canary: "ready" }));
    expect(measure(desired(2), ...two, ...slices).value).toBe(0.5);
  });

  it("knows a pod by its address where the slice does not name it", () => {
    const nameless = endpointsAt(-100, bothReady) as Extract<
      Observation,
      { type: "endpoint-slice" }
    >;
    const endpoints = nameless.endpoints.map(({ pod: _, ...rest }) => rest);
    const withIp = ["web-1", "web-2"].map((name) =>
      seen(-500, aPod({ name, ip: `ip-${name}` }), "added"),
    );
    expect(measure(desired(2), ...withIp, { ...nameless, endpoints }).value).toBe(1);
  });

  it("does not hold the load against what was desired before it", () => {
    expect(measure(desired(20, -900), desired(2, -800), ...leaving()).value).toBe(0.5);
  });

  it("holds each instant against what was desired then", () => {
    const scaledDown = [desired(2, 4_000), endpointsAt(4_200, oneReady), desired(1, 4_150)];
    const observations = [desired(2, -900), ...two, endpointsAt(-100, bothReady), ...scaledDown];
    expect(measure(...observations).value).toBe(1);
    const scaledUp = [desired(2, -900), ...two, endpointsAt(-100, bothReady), desired(4, 5_000)];
    expect(measure(...scaledUp).value).toBe(0.5);
  });

  it("does not blame a scaling for pods that left just before the lower count was seen", () => {
    const observations = [desired(2, -900), ...two, endpointsAt(-100, bothReady)];
    const left = endpointsAt(4_200, oneReady);
    expect(measure(...observations, left, desired(1, 4_250)).value).toBe(1);
    expect(measure(...observations, left, desired(1, 6_000)).value).toBe(0.5);
  });
});
