import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiClient, WatchEvent } from "#embedded/api/client.ts";
import type { KubeObject, Pod, Service } from "#embedded/api/objects.ts";
import { CONFIG_MAPS, NAMESPACES, PODS, SERVICES } from "#embedded/api/resources.ts";
import { type ApiServer, startApiServer } from "./start-api-server.ts";

let server: ApiServer;
let client: ApiClient;

beforeAll(async () => {
  server = await startApiServer({
    address: "127.0.0.1",
    port: 0,
    serviceAddressPrefix: "127.0.250",
    clusterSecret: "s",
    eventHistoryCapacity: 20,
  });
  client = server.client;
});
afterAll(() => server.stop());

const aConfigMap = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default" },
  data,
});
const aService = (name: string, spec: Service["spec"]) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default" },
  spec,
});

describe("the client of the cluster's own parts", () => {
  it("obeys the same rules as a client on the wire", async () => {
    const pod = await client.create<Pod>(PODS, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web", namespace: "default" },
      spec: { containers: [{ name: "app", image: "app:1" }] },
    });
    expect(pod.spec.terminationGracePeriodSeconds).toBe(30);
    expect(pod.status).toEqual({ phase: "Pending", qosClass: "BestEffort" });
    await expect(client.update(PODS, { ...pod, spec: { containers: [] } })).rejects.toMatchObject({
      code: 422,
    });
    await client.update(PODS, { ...pod, metadata: { ...pod.metadata, labels: { a: "b" } } });
    await expect(client.update(PODS, pod)).rejects.toMatchObject({ code: 409 });
  });

  it("gives everybody a copy of its own", async () => {
    const created = await client.create(CONFIG_MAPS, aConfigMap("copied", { a: "1" }));
    (created["data"] as Record<string, string>)["a"] = "changed";
    const read = await client.get(CONFIG_MAPS, "copied", "default");
    expect(read?.["data"]).toEqual({ a: "1" });
  });

  it("answers undefined for what is not there", async () => {
    expect(await client.get(CONFIG_MAPS, "nothing", "default")).toBeUndefined();
    expect(await client.delete(CONFIG_MAPS, "nothing", { namespace: "default" })).toBeUndefined();
  });

  it("removes a pod once, however many delete it by force", async () => {
    await client.create<Pod>(PODS, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "unloved", namespace: "default" },
      spec: { nodeName: "node-1", containers: [{ name: "app", image: "app:1" }] },
    });
    const remove = () =>
      client.delete(PODS, "unloved", { namespace: "default", gracePeriodSeconds: 0 });
    await Promise.all([remove(), remove()]);
    expect(await client.get(PODS, "unloved", "default")).toBeUndefined();
  });

  it("binds a pod to a node", async () => {
    await client.update<KubeObject>(
      PODS,
      {
        apiVersion: "v1",
        kind: "Binding",
        metadata: {
          name: "web",
          namespace: "default",
          uid: "",
          resourceVersion: "",
          creationTimestamp: "",
        },
        target: { kind: "Node", name: "node-1" },
      },
      "binding",
    );
    const bound = await client.list<Pod>(PODS, { fieldSelector: "spec.nodeName=node-1" });
    expect(bound.items.map(({ metadata }) => metadata.name)).toEqual(["web"]);
  });

  it("lists what garbage collection has to look at", () => {
    const plurals = client.resources().map(({ plural }) => plural);
    expect(plurals).toEqual(expect.arrayContaining(["pods", "deployments", "endpointslices"]));
    expect(plurals).not.toContain("selfsubjectaccessreviews");
  });
});

describe("its watch", () => {
  it("starts after the version of a list and ends when it is told to", async () => {
    const { resourceVersion } = await client.list(CONFIG_MAPS);
    const stopped = new AbortController();
    await client.create(CONFIG_MAPS, aConfigMap("seen"));
    const seen: WatchEvent<KubeObject>[] = [];
    const { signal } = stopped;
    for await (const event of client.watch(CONFIG_MAPS, { resourceVersion, signal })) {
      seen.push(event);
      if (seen.length === 1) await client.delete(CONFIG_MAPS, "seen", { namespace: "default" });
      if (seen.length === 2) stopped.abort();
    }
    expect(seen.map(({ type }) => type)).toEqual(["ADDED", "DELETED"]);
  });

  it("throws 410 when its start is forgotten", async () => {
    const { resourceVersion } = await client.list(CONFIG_MAPS);
    const body = (count: number) => ({ data: { count: `${count}` } });
    await client.create(CONFIG_MAPS, aConfigMap("busy"));
    for (let count = 0; count < 60; count++) {
      const patch = { name: "busy", namespace: "default", type: "merge" as const };
      await client.patch(CONFIG_MAPS, { ...patch, body: body(count) });
    }
    const { signal } = new AbortController();
    const watching = client.watch(CONFIG_MAPS, { resourceVersion, signal });
    await expect(watching[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 410 });
  });
});

describe("services", () => {
  it("get the first free address and a free node port, and keep both", async () => {
    const ports = [{ port: 80 }];
    const first = await client.create<Service>(SERVICES, aService("one", { ports }));
    const second = await client.create<Service>(
      SERVICES,
      aService("two", { ports, type: "NodePort" }),
    );
    expect(first.spec).toMatchObject({ clusterIP: "127.0.250.2", clusterIPs: ["127.0.250.2"] });
    expect(second.spec.clusterIP).toBe("127.0.250.3");
    const nodePort = second.spec.ports?.[0]?.nodePort ?? 0;
    expect(nodePort).toBeGreaterThanOrEqual(30_000);
    expect(nodePort).toBeLessThanOrEqual(32_767);
    const patch = { name: "two", namespace: "default", type: "merge" as const };
    const spec = { ports: [{ port: 80, name: "http" }] };
    const patched = await client.patch<Service>(SERVICES, { ...patch, body: { spec } });
    expect(patched.spec.ports?.[0]?.nodePort).toBe(nodePort);
    await client.delete(SERVICES, "one", { namespace: "default" });
    const third = await client.create<Service>(SERVICES, aService("three", { ports }));
    expect(third.spec.clusterIP).toBe("127.0.250.2");
  });

  it("refuse a node port that is taken or out of range", async () => {
    const withPort = (name: string, nodePort: number) =>
      client.create(
        SERVICES,
        aService(name, { type: "NodePort", ports: [{ port: 80, nodePort }] }),
      );
    await withPort("given", 30_123);
    await expect(withPort("taken", 30_123)).rejects.toThrow("provided port is already allocated");
    await expect(withPort("outside", 80)).rejects.toThrow(
      "provided port is not in the valid range. The range of valid ports is 30000-32767",
    );
  });

  it("without an address or with an outside name get none", async () => {
    const headless = await client.create<Service>(
      SERVICES,
      aService("headless", { clusterIP: "None" }),
    );
    expect(headless.spec.clusterIPs).toEqual(["None"]);
    const external = aService("external", { type: "ExternalName", externalName: "example.com" });
    const created = await client.create<Service>(SERVICES, external);
    expect(created.spec.clusterIP).toBeUndefined();
  });

  it("lose their node ports when they stop using them", async () => {
    const ports = [{ port: 80 }];
    await client.create(SERVICES, aService("turned", { type: "NodePort", ports }));
    const patch = { name: "turned", namespace: "default", type: "merge" as const };
    const turned = await client.patch<Service>(SERVICES, {
      ...patch,
      body: { spec: { type: "ClusterIP" } },
    });
    expect(turned.spec.ports).toEqual([{ port: 80, protocol: "TCP", targetPort: 80 }]);
  });
});

describe("a config map that is immutable", () => {
  it("keeps its data, and stays immutable", async () => {
    const fixed = { ...aConfigMap("fixed", { a: "1" }), immutable: true };
    await client.create(CONFIG_MAPS, fixed);
    const patch = { name: "fixed", namespace: "default", type: "merge" as const };
    for (const body of [{ data: { a: "2" } }, { immutable: false }]) {
      await expect(client.patch(CONFIG_MAPS, { ...patch, body })).rejects.toThrow(
        "field is immutable when `immutable` is set",
      );
    }
    await client.patch(CONFIG_MAPS, { ...patch, body: { metadata: { labels: { b: "c" } } } });
  });
});

describe("namespaces", () => {
  it("are finalized through their own subresource", async () => {
    const metadata = { name: "brief" };
    await client.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata });
    const leaving = await client.delete(NAMESPACES, "brief");
    expect(leaving?.status).toEqual({ phase: "Terminating" });
    if (leaving === undefined) throw new Error("unreachable");
    await client.update(NAMESPACES, { ...leaving, spec: { finalizers: [] } }, "finalize");
    expect(await client.get(NAMESPACES, "brief")).toBeUndefined();
  });
});
