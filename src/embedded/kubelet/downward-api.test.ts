import { describe, expect, it } from "vitest";
import { parseQuantity } from "#embedded/api/quantity.ts";
import { fieldValue, resourceValue } from "./downward-api.ts";
import { expandVariables } from "./expand-variables.ts";
import { aContainer, aPod } from "./testing/a-pod.ts";

const facts = {
  podIP: "127.1.1.1",
  hostIP: "127.1.0.11",
  nodeName: "node-1",
  allocatable: { cpu: "2", memory: "1Gi" },
};

describe("fieldValue", () => {
  it("tells a pod its name, labels, address and node, and nothing else", () => {
    const pod = aPod({}, { labels: { b: "2", a: "1" } });
    const value = (path: string) => fieldValue(path, pod, facts);
    expect(value("metadata.name")).toBe("web");
    expect(value("metadata.labels['a']")).toBe("1");
    expect(value("metadata.labels")).toBe('a="1"\nb="2"');
    expect([value("status.podIP"), value("status.hostIP")]).toEqual(["127.1.1.1", "127.1.0.11"]);
    expect(value("spec.nodeName")).toBe("node-1");
    expect(value("status.phase")).toBeUndefined();
  });
});

describe("resourceValue", () => {
  it("divides, rounds up, and falls back to the node where there is no limit", () => {
    const container = aContainer("app", { resources: { limits: { cpu: "1500m" } } });
    const value = (resource: string, divisor?: string) =>
      resourceValue({ resource, ...(divisor && { divisor }) }, container, facts);
    expect(value("limits.cpu")).toBe("2");
    expect(value("limits.cpu", "1m")).toBe("1500");
    expect(value("limits.memory", "1Mi")).toBe("1024");
    expect(value("requests.cpu")).toBe("0");
  });
});

describe("parseQuantity", () => {
  it("reads decimal, binary and exponent suffixes", () => {
    expect(["100m", "2", "1Ki", "3M", "1e3"].map(parseQuantity)).toEqual([0.1, 2, 1024, 3e6, 1000]);
    expect(parseQuantity("lots")).toBeNaN();
  });
});

describe("expandVariables", () => {
  it("replaces what is defined, keeps what is not, and lets two dollars protect", () => {
    const text = "$(A)-$(B)-$$(A)-$A-$(A";
    expect(expandVariables(text, { A: "1" })).toBe("1-$(B)-$(A)-$A-$(A");
    expect(expandVariables("$(A)", { A: "$(B)", B: "2" })).toBe("$(B)");
  });
});
