import { describe, expect, it } from "vitest";
import type { Endpoint, EndpointSlice } from "#embedded/api/objects.ts";
import { aMeta } from "#embedded/controllers/testing/builders.ts";
import { planSlices } from "./slice-plan.ts";

const HTTP = [{ name: "", protocol: "TCP", port: 8080 }];
const ADMIN = [{ name: "", protocol: "TCP", port: 9090 }];

const anEndpoint = (name: string, ready = true): Endpoint => ({
  addresses: [name],
  conditions: { ready, serving: ready, terminating: false },
  targetRef: { kind: "Pod", namespace: "ns", name, uid: `uid-${name}` },
});
const aSlice = (name: string, endpoints: Endpoint[], ports: EndpointSlice["ports"] = HTTP) => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: aMeta(name),
  addressType: "IPv4" as const,
  endpoints,
  ports,
});
const many = (count: number, prefix = "p") =>
  Array.from({ length: count }, (_, index) => anEndpoint(`${prefix}${index}`));

describe("planSlices", () => {
  it("writes nothing when nothing changed", () => {
    const slice = aSlice("s", [anEndpoint("a"), anEndpoint("b")]);
    const groups = [{ ports: HTTP, endpoints: [anEndpoint("b"), anEndpoint("a")] }];
    expect(planSlices([slice], groups)).toEqual({ create: [], update: [], remove: [] });
  });

  it("leaves each endpoint at its place and appends new ones", () => {
    const slice = aSlice("s", [anEndpoint("a"), anEndpoint("b"), anEndpoint("c")]);
    const endpoints = [anEndpoint("d"), anEndpoint("c"), anEndpoint("a", false)];
    const { update } = planSlices([slice], [{ ports: HTTP, endpoints }]);
    expect(
      update.map(({ content }) => content.endpoints.map(({ addresses }) => addresses[0])),
    ).toEqual([["a", "c", "d"]]);
    expect(update[0]?.content.endpoints[0]?.conditions.ready).toBe(false);
  });

  it("begins with an empty slice, and keeps one when everybody has gone", () => {
    expect(planSlices([], []).create).toEqual([{ ports: [], endpoints: [] }]);
    const slice = aSlice("s", [anEndpoint("a")]);
    expect(planSlices([slice], [])).toEqual({
      create: [],
      update: [{ slice, content: { ports: [], endpoints: [] } }],
      remove: [],
    });
    expect(planSlices([aSlice("s", [], [])], [])).toEqual({ create: [], update: [], remove: [] });
  });

  it("uses the empty slice for the first endpoints", () => {
    const slice = aSlice("s", [], []);
    const group = { ports: HTTP, endpoints: [anEndpoint("a")] };
    expect(planSlices([slice], [group])).toEqual({
      create: [],
      update: [{ slice, content: group }],
      remove: [],
    });
  });

  it("puts no more than a hundred endpoints into a slice", () => {
    const { create } = planSlices([], [{ ports: HTTP, endpoints: many(250) }]);
    expect(create.map(({ endpoints }) => endpoints.length)).toEqual([100, 100, 50]);
  });

  it("fills up the room that others have left before it creates a slice", () => {
    const slice = aSlice("s", many(99));
    const plan = planSlices([slice], [{ ports: HTTP, endpoints: [...many(99), ...many(2, "q")] }]);
    expect(plan.update[0]?.content.endpoints).toHaveLength(100);
    expect(plan.create.map(({ endpoints }) => endpoints.length)).toEqual([1]);
  });

  it("removes a slice that has been emptied where another is left", () => {
    const slices = [aSlice("full", [anEndpoint("a")]), aSlice("emptied", [anEndpoint("b")])];
    const plan = planSlices(slices, [{ ports: HTTP, endpoints: [anEndpoint("a")] }]);
    expect(plan.remove.map(({ metadata }) => metadata.name)).toEqual(["emptied"]);
    expect(plan.update).toEqual([]);
  });

  it("keeps a slice per set of ports, and removes those of ports that nobody has", () => {
    const slices = [aSlice("http", [anEndpoint("a")]), aSlice("admin", [anEndpoint("b")], ADMIN)];
    const plan = planSlices(slices, [{ ports: ADMIN, endpoints: [anEndpoint("b")] }]);
    expect(plan.remove.map(({ metadata }) => metadata.name)).toEqual(["http"]);
    expect(plan.update).toEqual([]);
  });
});
