import { describe, expect, it } from "vitest";
import type { Endpoint, EndpointSlice, Service } from "#embedded/api/objects.ts";
import { frontendsOf } from "./service-frontends.ts";

const NODES = [
  { name: "node-1", address: "127.0.1.1" },
  { name: "node-2", address: "127.0.1.2" },
];

const aService = (spec: Service["spec"]): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "ns", uid: "u", resourceVersion: "1", creationTimestamp: "" },
  spec: { clusterIP: "127.96.0.1", ports: [{ port: 80, targetPort: 8080 }], ...spec },
});
const anEndpoint = (address: string, over: Partial<Endpoint> = {}): Endpoint => ({
  addresses: [address],
  conditions: { ready: true, serving: true, terminating: false },
  nodeName: "node-1",
  ...over,
});
const aSlice = (
  endpoints: Endpoint[],
  ports: EndpointSlice["ports"] = [{ name: "", port: 8080, protocol: "TCP" }],
): EndpointSlice => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "s", namespace: "ns", uid: "s", resourceVersion: "1", creationTimestamp: "" },
  addressType: "IPv4",
  endpoints,
  ports,
});

const reached = (...args: Parameters<typeof frontendsOf>) =>
  frontendsOf(...args).map(({ address, port, eligible }) => [
    `${address}:${port}`,
    eligible.map((backend) => `${backend.address}:${backend.port}`),
  ]);

describe("frontendsOf", () => {
  it("serves a cluster address with the endpoints of all slices", () => {
    const slices = [aSlice([anEndpoint("127.1.0.1")]), aSlice([anEndpoint("127.1.0.2")])];
    expect(reached(aService({}), slices, NODES)).toEqual([
      ["127.96.0.1:80", ["127.1.0.1:8080", "127.1.0.2:8080"]],
    ]);
  });

  it("serves a node port on every node", () => {
    const service = aService({ type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }] });
    expect(reached(service, [aSlice([anEndpoint("127.1.0.1")])], NODES)).toEqual([
      ["127.96.0.1:80", ["127.1.0.1:8080"]],
      ["127.0.1.1:30080", ["127.1.0.1:8080"]],
      ["127.0.1.2:30080", ["127.1.0.1:8080"]],
    ]);
  });

  it("serves a node port only with the node's own endpoints when the external policy is Local", () => {
    const service = aService({
      type: "NodePort",
      externalTrafficPolicy: "Local",
      ports: [{ port: 80, nodePort: 30_080 }],
    });
    expect(reached(service, [aSlice([anEndpoint("127.1.0.1")])], NODES)).toEqual([
      ["127.96.0.1:80", ["127.1.0.1:8080"]],
      ["127.0.1.1:30080", ["127.1.0.1:8080"]],
      ["127.0.1.2:30080", []],
    ]);
  });

  it("serves pods whose node is known only by it when the internal policy is Local", () => {
    const nodes = NODES.map((node, index) => ({ ...node, podRange: `127.${index + 1}.0.0/24` }));
    const service = aService({ internalTrafficPolicy: "Local" });
    const serving = (list: typeof NODES) =>
      frontendsOf(service, [aSlice([anEndpoint("127.1.0.1")])], list).map(
        ({ clients, eligible, whenNobody }) => [clients, eligible.length, whenNobody],
      );
    expect(serving(nodes)).toEqual([
      ["127.1.0.0/24", 1, "drop"],
      ["127.2.0.0/24", 0, "drop"],
      [undefined, 1, "drop"],
    ]);
    expect(serving(NODES)).toEqual([[undefined, 1, "drop"]]);
  });

  it("refuses for want of any endpoint, and drops what a Local policy keeps from those elsewhere", () => {
    const service = aService({
      type: "NodePort",
      externalTrafficPolicy: "Local",
      ports: [{ port: 80, nodePort: 30_080 }],
    });
    const whenNobody = (endpoints: Endpoint[]) =>
      frontendsOf(service, [aSlice(endpoints)], NODES).map((frontend) => frontend.whenNobody);
    expect(whenNobody([])).toEqual(["refuse", "refuse", "refuse"]);
    expect(whenNobody([anEndpoint("127.1.0.1")])).toEqual(["drop", "drop", "drop"]);
  });

  it("joins the ports of a Service and a slice by name", () => {
    const service = aService({
      ports: [
        { name: "http", port: 80 },
        { name: "admin", port: 81 },
      ],
    });
    const ports = [
      { name: "admin", port: 9090, protocol: "TCP" },
      { name: "http", port: 8080, protocol: "TCP" },
    ];
    expect(reached(service, [aSlice([anEndpoint("127.1.0.1")], ports)], NODES)).toEqual([
      ["127.96.0.1:80", ["127.1.0.1:8080"]],
      ["127.96.0.1:81", ["127.1.0.1:9090"]],
    ]);
  });

  it("reads conditions that are not given as Kubernetes does", () => {
    const endpoints = [
      anEndpoint("127.1.0.1", { conditions: {} }),
      anEndpoint("127.1.0.2", { conditions: { ready: false } }),
    ];
    expect(reached(aService({}), [aSlice(endpoints)], NODES)).toEqual([
      ["127.96.0.1:80", ["127.1.0.1:8080"]],
    ]);
  });

  it("serves nothing for headless and external Services, and nothing but TCP", () => {
    expect(reached(aService({ clusterIP: "None" }), [], NODES)).toEqual([]);
    expect(reached(aService({ type: "ExternalName" }), [], NODES)).toEqual([]);
    expect(reached(aService({ ports: [{ port: 53, protocol: "UDP" }] }), [], NODES)).toEqual([]);
  });

  it("knows for how long a client stays with its backend", () => {
    const [frontend] = frontendsOf(aService({ sessionAffinity: "ClientIP" }), [], NODES);
    expect(frontend?.affinityTimeoutMs).toBe(10_800_000);
  });
});
