import { describe, expect, it } from "vitest";
import { type Backend, eligibleBackends, pickBackend } from "./endpoint-choice.ts";

const aBackend = (address: string, over: Partial<Backend> = {}): Backend => ({
  address,
  port: 8080,
  nodeName: "node-1",
  ready: true,
  serving: true,
  terminating: false,
  ...over,
});
const draining = { ready: false, terminating: true };
const unready = { ready: false, serving: false };

const addresses = (backends: readonly Backend[]) => backends.map(({ address }) => address);

describe("eligibleBackends", () => {
  it("gives nothing to a terminating endpoint while one is Ready", () => {
    const backends = [aBackend("a"), aBackend("b", draining)];
    expect(addresses(eligibleBackends(backends))).toEqual(["a"]);
  });

  it("falls back to terminating endpoints that still serve when none is Ready", () => {
    const backends = [
      aBackend("a", draining),
      aBackend("b", unready),
      aBackend("c", { ...draining, serving: false }),
    ];
    expect(addresses(eligibleBackends(backends))).toEqual(["a"]);
  });

  it("never uses an endpoint that is neither Ready nor terminating", () => {
    expect(eligibleBackends([aBackend("a", { ready: false })])).toEqual([]);
  });

  it("keeps giving connections to a terminating endpoint that was published as ready", () => {
    expect(addresses(eligibleBackends([aBackend("a", { terminating: true })]))).toEqual(["a"]);
  });

  it("asks both questions of one node only when told so", () => {
    const backends = [
      aBackend("here", { ...draining, nodeName: "node-1" }),
      aBackend("there", { nodeName: "node-2" }),
    ];
    expect(addresses(eligibleBackends(backends, "node-1"))).toEqual(["here"]);
    expect(addresses(eligibleBackends(backends, "node-2"))).toEqual(["there"]);
    expect(eligibleBackends(backends, "node-3")).toEqual([]);
  });
});

describe("pickBackend", () => {
  it("gives each the same share of the random numbers", () => {
    const backends = [aBackend("a"), aBackend("b"), aBackend("c"), aBackend("d")];
    const picked = [0, 0.24, 0.25, 0.5, 0.99].map((at) => pickBackend(backends, () => at)?.address);
    expect(picked).toEqual(["a", "a", "b", "c", "d"]);
  });

  it("picks nobody from nobody", () => {
    expect(pickBackend([], () => 0)).toBeUndefined();
  });
});
