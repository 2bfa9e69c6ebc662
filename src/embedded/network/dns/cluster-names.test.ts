import { describe, expect, it } from "vitest";
import type { EndpointSlice, Service } from "#embedded/api/objects.ts";
import { type NamedThings, recordsOf } from "./cluster-names.ts";
import { RECORD } from "./dns-message.ts";

const service = (name: string, spec: Service["spec"]) =>
  ({ metadata: { name, namespace: "shop" }, spec }) as Service;
const services = [
  service("web", { clusterIP: "10.0.0.7", ports: [{ name: "http", port: 80 }] }),
  service("db", { clusterIP: "None" }),
  service("db-all", { clusterIP: "None", publishNotReadyAddresses: true }),
  service("idle", { clusterIP: "None" }),
  service("old", { type: "ExternalName", externalName: "web.shop.svc.cluster.local" }),
  service("ring", { type: "ExternalName", externalName: "ring-2.shop.svc.cluster.local" }),
  service("ring-2", { type: "ExternalName", externalName: "ring.shop.svc.cluster.local" }),
  service("far", { type: "ExternalName", externalName: "example.com" }),
];
const endpoints = [
  { addresses: ["10.1.0.1"], hostname: "db-0", conditions: { ready: true } },
  { addresses: ["10.1.0.2"], hostname: "db-1", conditions: { ready: false } },
];
const things: NamedThings = {
  service: (namespace, name) =>
    services.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace),
  services: () => services,
  slices: (_, name) => (name.startsWith("db") ? [{ endpoints } as unknown as EndpointSlice] : []),
};
const ask = (name: string, type: number = RECORD.a) => {
  const found = recordsOf(name, type, things);
  return Array.isArray(found)
    ? found.map((record) => ("address" in record ? record.address : record.target))
    : found;
};

describe("the names of a cluster", () => {
  it("lead to the address of a Service, or to its ready endpoints when it has none", () => {
    expect(ask("web.shop.svc.cluster.local")).toEqual(["10.0.0.7"]);
    expect(ask("db.shop.svc.cluster.local")).toEqual(["10.1.0.1"]);
    expect(ask("db-all.shop.svc.cluster.local")).toEqual(["10.1.0.1", "10.1.0.2"]);
  });

  it("lead to one pod of a Service without an address", () => {
    expect(ask("db-0.db.shop.svc.cluster.local")).toEqual(["10.1.0.1"]);
    expect(ask("db-9.db.shop.svc.cluster.local")).toBeUndefined();
  });

  it("are none where there is no such Service, or nobody behind it", () => {
    expect(ask("nope.shop.svc.cluster.local")).toBeUndefined();
    expect(ask("web.other.svc.cluster.local")).toBeUndefined();
    expect(ask("idle.shop.svc.cluster.local")).toBeUndefined();
  });

  it("have no IPv6 address, which is not to say that there is no such name", () => {
    expect(ask("web.shop.svc.cluster.local", 28)).toEqual([]);
  });

  it("stand for other names, and lead on as far as the cluster knows", () => {
    expect(ask("old.shop.svc.cluster.local")).toEqual(["web.shop.svc.cluster.local", "10.0.0.7"]);
    expect(ask("far.shop.svc.cluster.local")).toEqual(["example.com"]);
    const ring = ["ring-2.shop.svc.cluster.local", "ring.shop.svc.cluster.local"];
    expect(ask("ring.shop.svc.cluster.local")).toEqual(ring);
  });

  it("tell the port of a Service, the name of an address, and the address of a pod", () => {
    expect(ask("_http._tcp.web.shop.svc.cluster.local", RECORD.srv)).toEqual([
      "web.shop.svc.cluster.local",
    ]);
    expect(ask("7.0.0.10.in-addr.arpa", RECORD.ptr)).toEqual(["web.shop.svc.cluster.local"]);
    expect(ask("10-1-0-9.shop.pod.cluster.local")).toEqual(["10.1.0.9"]);
  });

  it("leave every other name to other servers", () => {
    expect(ask("example.com")).toBe("foreign");
    expect(ask("notcluster.local")).toBe("foreign");
  });
});
