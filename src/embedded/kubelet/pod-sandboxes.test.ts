import { describe, expect, it } from "vitest";
import { PodSandboxes } from "./pod-sandboxes.ts";

describe("PodSandboxes", () => {
  const place = { prefix: "240.1.1", nodeAddress: "240.1.0.11" };
  const made: string[] = [];
  const netns = {
    createPod: async (address: string) => void made.push(`+${address}`),
    removePod: async (address: string) => void made.push(`-${address}`),
    namespaceOf: (address = "node") => `/namespaces/${address}`,
  };

  it("gives a pod an address, and a namespace where there are any", async () => {
    const shared = new PodSandboxes({ ...place, netns: undefined });
    expect(await shared.create({ onHost: false })).toEqual({ ip: "240.1.1.1" });
    const own = new PodSandboxes({ ...place, netns });
    expect(await own.create({ onHost: false })).toEqual({
      ip: "240.1.1.1",
      networkNamespace: "/namespaces/240.1.1.1",
    });
    expect(made.splice(0)).toEqual(["+240.1.1.1"]);
  });

  it("gives a pod on the host what the node has, and takes nothing from it", async () => {
    const sandboxes = new PodSandboxes({ ...place, netns });
    const sandbox = await sandboxes.create({ onHost: true });
    expect(sandbox).toEqual({ ip: "240.1.0.11", networkNamespace: "/namespaces/node" });
    await sandboxes.remove(sandbox.ip);
    expect(made).toEqual([]);
  });

  it("says why there is no namespace, and leaves nothing of a half one", async () => {
    const failing = { ...netns, createPod: () => Promise.reject(new Error("ip: no memory")) };
    const sandboxes = new PodSandboxes({ ...place, netns: failing });
    await expect(sandboxes.create({ onHost: false })).rejects.toThrow("ip: no memory");
    expect(made.splice(0)).toEqual(["-240.1.1.1"]);
  });

  it("says so when the node has no address left", async () => {
    const sandboxes = new PodSandboxes({ ...place, netns: undefined });
    for (let taken = 0; taken < 254; taken += 1) await sandboxes.create({ onHost: false });
    await expect(sandboxes.create({ onHost: false })).rejects.toThrow(
      "no IP addresses available in range set: 240.1.1.1-240.1.1.254",
    );
    await sandboxes.remove("240.1.1.7");
    expect(await sandboxes.create({ onHost: false })).toEqual({ ip: "240.1.1.7" });
  });
});
