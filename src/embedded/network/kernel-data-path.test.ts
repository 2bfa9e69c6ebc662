import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EndpointSlice, Service } from "#embedded/api/objects.ts";
import { KernelDataPath } from "./kernel-data-path.ts";

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

  beforeEach(async () => {
    loaded.length = 0;
    load = async (script) => void loaded.push(script);
    const kernel = { routerAddress: "240.1.0.2", loadRules: (script: string) => load(script) };
    path = await KernelDataPath.start({ nodes: [], kernel, retryMs: 1 });
    loaded.length = 0;
  });
  afterEach(async () => {
    await path.stop();
  });

  const learn = (slice: EndpointSlice) =>
    path.apply({ resource: "endpointslices", change: { type: "ADDED", object: slice } });

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
