import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Endpoint, EndpointSlice, KubeObject, Service } from "#embedded/api/objects.ts";
import { ENDPOINT_SLICES, EVENTS, SERVICES } from "#embedded/api/resources.ts";
import { type ApiServer, startApiServer } from "#embedded/apiserver/start-api-server.ts";
import { startNetwork } from "#embedded/network/start-network.ts";
import { Recording } from "./control-plane.ts";

const NODES = [
  { name: "node-1", address: "127.98.0.11" },
  { name: "node-2", address: "127.98.0.12" },
];

describe("the network", () => {
  let server: ApiServer;
  const owned: (() => Promise<void> | void)[] = [];

  beforeEach(async () => {
    server = await startApiServer({
      address: "127.98.0.1",
      port: 0,
      serviceAddressPrefix: "127.98.250",
      clusterSecret: "none",
    });
  });

  afterEach(async () => {
    for (const stop of owned.splice(0).toReversed()) await stop();
    await server.stop();
  });

  async function start(dataPathDelayMs = 0): Promise<void> {
    const network = await startNetwork({ client: server.client, nodes: NODES, dataPathDelayMs });
    owned.push(() => network.stop());
  }

  /** Says its name to whoever connects. */
  async function startBackend(name: string): Promise<{ address: string; port: number }> {
    const sockets = new Set<Socket>();
    const backend: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.end(name);
    });
    backend.listen(0, "127.98.1.1");
    await once(backend, "listening");
    owned.push(() => {
      for (const socket of sockets) socket.destroy();
      backend.close();
    });
    return backend.address() as { address: string; port: number };
  }

  const createService = (spec: Service["spec"]) =>
    server.client.create<Service>(SERVICES, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: "default" },
      spec,
    });

  /** One slice per backend, since each has a port of its own. */
  const publish = (
    { address, port }: { address: string; port: number },
    conditions: Endpoint["conditions"],
  ) =>
    server.client.create<EndpointSlice>(ENDPOINT_SLICES, {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        generateName: "web-",
        namespace: "default",
        labels: { "kubernetes.io/service-name": "web" },
      },
      addressType: "IPv4",
      endpoints: [{ addresses: [address], conditions, nodeName: "node-1" }],
      ports: [{ name: "", port, protocol: "TCP" }],
    });

  async function dial(host: string, port: number): Promise<string> {
    const socket = connect({ host, port });
    return new Promise((resolve) => {
      socket.once("data", (data) => resolve(data.toString()));
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
    });
  }

  /** Dials until the answer is the expected one; what would never come ends in the test's timeout. */
  async function dialUntil(expected: string, host: string, port: number): Promise<void> {
    while ((await dial(host, port)) !== expected) await new Promise(setImmediate);
  }

  const ready = { ready: true, serving: true, terminating: false };

  it("reaches a Service that was there before it, at its cluster address and at every node", async () => {
    const service = await createService({ type: "NodePort", ports: [{ port: 8080 }] });
    await publish(await startBackend("a"), ready);
    await start();
    const { clusterIP = "", ports } = service.spec;
    const nodePort = ports?.[0]?.nodePort ?? 0;
    expect(await dial(clusterIP, 8080)).toBe("a");
    expect(await dial("127.98.0.11", nodePort)).toBe("a");
    expect(await dial("127.98.0.12", nodePort)).toBe("a");
  });

  it("follows endpoints that come, stop to be ready, and go", async () => {
    await start();
    const { spec } = await createService({ ports: [{ port: 8080 }] });
    const { clusterIP = "" } = spec;
    const slice = await publish(await startBackend("a"), ready);
    await dialUntil("a", clusterIP, 8080);
    const draining = { ready: false, serving: true, terminating: true };
    const drained = await server.client.update<EndpointSlice>(ENDPOINT_SLICES, {
      ...slice,
      endpoints: slice.endpoints.map((endpoint) => ({ ...endpoint, conditions: draining })),
    });
    expect(await dial(clusterIP, 8080)).toBe("a");
    await publish(await startBackend("b"), ready);
    await dialUntil("b", clusterIP, 8080);
    const answers = await Promise.all(Array.from({ length: 20 }, () => dial(clusterIP, 8080)));
    expect(new Set(answers)).toEqual(new Set(["b"]));
    await server.client.delete(ENDPOINT_SLICES, drained.metadata.name, { namespace: "default" });
    await server.client.delete(SERVICES, "web", { namespace: "default" });
    await dialUntil("ECONNREFUSED", clusterIP, 8080);
  });

  it("applies a change as long after it as told, and not before", async () => {
    await start(300);
    const { spec } = await createService({ ports: [{ port: 8080 }] });
    const { clusterIP = "" } = spec;
    const backend = await startBackend("a");
    const publishedAtMs = performance.now();
    await publish(backend, ready);
    expect(await dial(clusterIP, 8080)).toBe("ECONNREFUSED");
    await dialUntil("a", clusterIP, 8080);
    expect(performance.now() - publishedAtMs).toBeGreaterThanOrEqual(299);
  });

  it("tells on the Service when a port is taken, and still serves its node port", async () => {
    const events = await Recording.start<KubeObject>(server.client, EVENTS);
    owned.push(() => events.stop());
    const service = await createService({
      type: "NodePort",
      ports: [{ name: "http", port: 8080 }],
    });
    const { clusterIP = "", ports } = service.spec;
    const squatter = createServer();
    squatter.listen(8080, clusterIP);
    await once(squatter, "listening");
    owned.push(() => void squatter.close());
    const backend = await startBackend("a");
    const slice = await publish(backend, ready);
    await server.client.update<EndpointSlice>(ENDPOINT_SLICES, {
      ...slice,
      ports: [{ name: "http", port: backend.port, protocol: "TCP" }],
    });
    await start();
    const event = await events.until(({ ["reason"]: reason }) => reason === "ListenFailed");
    expect(event).toMatchObject({
      type: "Warning",
      involvedObject: { kind: "Service", name: "web" },
      message: `Cannot listen on ${clusterIP}:8080 for port http: EADDRINUSE (another process has the port on this or on every address; stop it, or use another port)`,
    });
    expect(await dial("127.98.0.11", ports?.[0]?.nodePort ?? 0)).toBe("a");
  });
});
