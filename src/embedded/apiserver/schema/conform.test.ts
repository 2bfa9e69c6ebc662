import { describe, expect, it } from "vitest";
import { conform } from "./conform.ts";
import { findType } from "./type-table.ts";

function pod(document: Record<string, unknown>) {
  const type = findType("Pod");
  if (type === undefined) throw new Error("no Pod in the type table");
  return conform(type, document);
}

describe("conform", () => {
  it("names unknown fields by their path and drops them", () => {
    const document = {
      apiVersion: "v1",
      kind: "Pod",
      spec: { containers: [{ name: "a" }, { name: "b", imag: "x" }], colour: "red" },
    };
    expect(pod(document)).toEqual({
      document: {
        apiVersion: "v1",
        kind: "Pod",
        spec: { containers: [{ name: "a" }, { name: "b" }] },
      },
      unknownFields: ["spec.containers[1].imag", "spec.colour"],
    });
  });

  it("finds the fields of inlined types in their owner", () => {
    const container = { name: "a", livenessProbe: { httpGet: { port: "http" }, periodSeconds: 1 } };
    const volumes = [{ name: "v", configMap: { name: "c", optional: true } }];
    const document = { spec: { containers: [container], volumes } };
    expect(pod(document)).toEqual({ document, unknownFields: [] });
  });

  it("takes a null for nothing, but keeps those that the API writes itself", () => {
    const condition = { type: "Ready", status: "True", lastProbeTime: null };
    const document = { spec: { nodeName: null }, status: { conditions: [condition] } };
    expect(pod(document).document).toEqual({ spec: {}, status: { conditions: [condition] } });
  });

  it("writes a quantity as text", () => {
    const resources = { limits: { cpu: 2, memory: "1Gi" } };
    const { document } = pod({ spec: { containers: [{ name: "a", resources }] } });
    expect(document["spec"]).toEqual({
      containers: [{ name: "a", resources: { limits: { cpu: "2", memory: "1Gi" } } }],
    });
  });

  it("knows that an object inside another says what it is, unlike a mere template", () => {
    const type = findType("StatefulSet");
    if (type === undefined) throw new Error("no StatefulSet in the type table");
    const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "c" } };
    const template = { kind: "Pod", metadata: {} };
    const document = { spec: { volumeClaimTemplates: [claim], template } };
    expect(conform(type, document)).toEqual({
      document: { spec: { volumeClaimTemplates: [claim], template: { metadata: {} } } },
      unknownFields: ["spec.template.kind"],
    });
  });

  it.each([
    [{ spec: { containers: {} } }, "object into Go struct field PodSpec.spec.containers"],
    [{ metadata: { labels: { a: 1 } } }, "number into Go struct field ObjectMeta.metadata.labels"],
    [{ spec: { hostNetwork: "yes" } }, "string into Go struct field PodSpec.spec.hostNetwork"],
    [{ spec: { priority: 1.5 } }, "number into Go struct field PodSpec.spec.priority"],
  ])("refuses %j", (document, message) => {
    expect(() => pod(document)).toThrow(message);
  });
});
