import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EndpointSlice, Service } from "#embedded/api/objects.ts";
import { ConnectionLog, type LedConnection } from "./connection-log.ts";
import { type Kernel, KernelDataPath } from "./kernel-data-path.ts";

const metadata = (name: string) => ({
  ...{ name, namespace: "ns", uid: name, resourceVersion: "1", creationTimestamp: "" },
  labels: { "kubernetes.io/service-name": "web" },
});
const SERVICE: Service = {
  ...{ apiVersion: "v1", kind: "Service", metadata: metadata("web") },
  spec: { clusterIP: "240.1.250.2", ports: [{ port: 80 }] },
};
const aSlice = (address: string): EndpointSlice => ({
  ...{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata: metadata(address) },
  addressType: "IPv4",
  endpoints: [{ addresses: [address], conditions: { ready: true } }],
  ports: [{ name: "", port: 8080 }],
});

describe("KernelDataPath", () => {
  const loaded: string[] = [];
  let load: (script: string) => Promise<void>;
  let path: KernelDataPath;
  let follower: Parameters<Kernel["followConnections"]>[0];
  let log: ConnectionLog;

  beforeEach(async () => {
    loaded.length = 0;
    log = new ConnectionLog();
    load = async (script) => void loaded.push(script);
    const kernel: Kernel = {
      routerAddress: "240.1.0.2",
      loadRules: (script: string) => load(script),
      followConnections(given) {
        follower = given;
        return { stop: async () => undefined };
      },
    };
    path = await KernelDataPath.start({ nodes: [], kernel, log, retryMs: 1 });
    loaded.length = 0;
  });
  afterEach(async () => {
    await path.stop();
  });

  const learn = (slice: EndpointSlice) =>
    path.apply({ resource: "endpointslices", change: { type: "ADDED", object: slice } });

  it("tells where the kernel led a connection, and that some of it was missed", () => {
    const told: LedConnection[] = [];
    let ends = 0;
    log.follow({ connection: (led) => told.push(led), ended: () => ends++ });
    const client = { src: "240.1.0.1", sport: 40_000 };
    const asked = `src=${client.src} dst=240.1.0.11 sport=${client.sport} dport=30080`;
    const start = "    [NEW] tcp      6 120 SYN_SENT";
    follower.line(`${start} ${asked} [UNREPLIED] src=240.1.1.1 dst=240.1.0.1 sport=8080 dport=1`);
    follower.line(`${start} ${asked} [UNREPLIED] src=240.1.0.11 dst=240.1.0.1 sport=30080 dport=1`);
    follower.line("conntrack v1.4.7 (conntrack-tools): 2 flow events have been shown.");
    const first = follower;
    first.ended("it lost some");
    expect([ends, log.endedBecause, follower === first]).toEqual([1, undefined, false]);
    follower.ended("it never spoke");
    const led = { client: "240.1.0.1:40000", to: "240.1.0.11:30080" };
    expect(told).toEqual([{ ...led, backend: "240.1.1.1:8080" }, led]);
    expect(log.endedBecause).toBe("it never spoke");
  });

  it("loads changes that come together at once", async () => {
    path.apply({ resource: "services", change: { type: "ADDED", object: SERVICE } });
    learn(aSlice("240.1.1.1"));
    learn(aSlice("240.1.1.2"));
    await path.settled();
    expect(loaded).toEqual([expect.stringContaining("240.1.1.2 . 8080")]);
  });

  it("loads what changes meanwhile with the next rules, never two at a time", async () => {
    const first = Promise.withResolvers<void>();
    load = (script) => {
      loaded.push(script);
      return loaded.length === 1 ? first.promise : Promise.resolve();
    };
    path.apply({ resource: "services", change: { type: "ADDED", object: SERVICE } });
    await vi.waitFor(() => expect(loaded).toHaveLength(1));
    learn(aSlice("240.1.1.1"));
    learn(aSlice("240.1.1.2"));
    await nextTurn();
    expect(loaded).toHaveLength(1);
    first.resolve();
    await path.settled();
    expect(loaded).toHaveLength(2);
    expect(loaded[1]).toContain("mod 2");
  });

  it("warns of rules that could not be loaded, and tries again", async () => {
    const warning = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
    load = () => Promise.reject(new Error("no memory"));
    path.apply({ resource: "services", change: { type: "ADDED", object: SERVICE } });
    learn(aSlice("240.1.1.1"));
    await vi.waitFor(() => {
      expect(warning).toHaveBeenCalledWith(expect.stringContaining("no memory"));
    });
    load = async (script) => void loaded.push(script);
    await path.settled();
    expect(loaded).toEqual([expect.stringContaining("240.1.1.1 . 8080")]);
    warning.mockRestore();
  });
});
