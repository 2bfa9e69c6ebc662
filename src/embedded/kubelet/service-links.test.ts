import { describe, expect, it } from "vitest";
import type { KubeObject } from "#embedded/api/objects.ts";
import { serviceVariables } from "./service-links.ts";
import { aPod } from "./testing/a-pod.ts";

const aService = (name: string, spec: object, namespace = "test") =>
  ({
    ...{ apiVersion: "v1", kind: "Service" },
    metadata: { name, namespace },
    spec,
  }) as unknown as KubeObject; // what is read of a Service

const ADMIN = aService("shop-admin", {
  clusterIP: "10.96.0.9",
  ports: [
    { name: "http-web", port: 80 },
    { name: "dns", port: 53, protocol: "UDP" },
  ],
});
const API = aService("kubernetes", { clusterIP: "10.96.0.1", ports: [{ port: 443 }] }, "default");

describe("serviceVariables", () => {
  it("tells a pod of the Services of its namespace, as docker's links did", () => {
    expect(serviceVariables(aPod(), [ADMIN])).toEqual({
      SHOP_ADMIN_SERVICE_HOST: "10.96.0.9",
      SHOP_ADMIN_SERVICE_PORT: "80",
      SHOP_ADMIN_SERVICE_PORT_HTTP_WEB: "80",
      SHOP_ADMIN_SERVICE_PORT_DNS: "53",
      SHOP_ADMIN_PORT: "tcp://10.96.0.9:80",
      SHOP_ADMIN_PORT_80_TCP: "tcp://10.96.0.9:80",
      SHOP_ADMIN_PORT_80_TCP_PROTO: "tcp",
      SHOP_ADMIN_PORT_80_TCP_PORT: "80",
      SHOP_ADMIN_PORT_80_TCP_ADDR: "10.96.0.9",
      SHOP_ADMIN_PORT_53_UDP: "udp://10.96.0.9:53",
      SHOP_ADMIN_PORT_53_UDP_PROTO: "udp",
      SHOP_ADMIN_PORT_53_UDP_PORT: "53",
      SHOP_ADMIN_PORT_53_UDP_ADDR: "10.96.0.9",
    });
  });

  it("tells a pod of the API alone where it wants no links, or its namespace has no Services", () => {
    const hosts = (pod: ReturnType<typeof aPod>) =>
      Object.keys(serviceVariables(pod, [ADMIN, API])).filter((name) => name.endsWith("_HOST"));
    expect(hosts(aPod())).toEqual(["KUBERNETES_SERVICE_HOST", "SHOP_ADMIN_SERVICE_HOST"]);
    expect(hosts(aPod({ enableServiceLinks: false }))).toEqual(["KUBERNETES_SERVICE_HOST"]);
    expect(hosts(aPod({}, { namespace: "other" }))).toEqual(["KUBERNETES_SERVICE_HOST"]);
  });

  it("has nothing to tell of a Service without an address or without ports", () => {
    const headless = aService("db", { clusterIP: "None", ports: [{ port: 5432 }] });
    const portless = aService("name", { clusterIP: "10.96.0.3" });
    expect(serviceVariables(aPod(), [headless, portless])).toEqual({});
  });
});
