import { describe, expect, it } from "vitest";
import { decodeObject } from "./decode-object.ts";

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
const int = (number: number, value: number) =>
  Buffer.from([...varint(number << 3), ...varint(value)]);
const bytes = (number: number, ...parts: readonly (Buffer | string)[]) => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([
    Buffer.from([...varint((number << 3) | 2), ...varint(content.length)]),
    content,
  ]);
};
const double = (number: number, value: number) => {
  const content = Buffer.alloc(8);
  content.writeDoubleLE(value);
  return Buffer.concat([Buffer.from(varint((number << 3) | 1)), content]);
};
const envelope = (apiVersion: string, kind: string, ...message: readonly Buffer[]) =>
  Buffer.concat([
    Buffer.from("k8s\0"),
    bytes(1, bytes(1, apiVersion), bytes(2, kind)),
    bytes(2, ...message),
  ]);

describe("decodeObject", () => {
  it("reads scalars, lists, maps and nested messages", () => {
    const metadata = bytes(
      1,
      bytes(1, "web"),
      bytes(3, ""),
      bytes(11, bytes(1, "app"), bytes(2, "web")),
    );
    const container = bytes(2, bytes(1, "app"), bytes(2, "app:1"), bytes(3, "run"), bytes(3, "it"));
    const template = bytes(3, bytes(2, container, int(4, 0)));
    const spec = bytes(2, int(1, 0), template, int(5, 0));
    expect(decodeObject(envelope("apps/v1", "Deployment", metadata, spec))).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", labels: { app: "web" } },
      spec: {
        // A decision even when it is zero, unlike minReadySeconds.
        replicas: 0,
        template: {
          spec: {
            containers: [{ name: "app", image: "app:1", command: ["run", "it"] }],
            terminationGracePeriodSeconds: 0,
          },
        },
      },
    });
  });

  it("keeps a zero that was decided on, as in an endpoint that is not ready", () => {
    const conditions = bytes(2, int(1, 0), int(2, 0), int(3, 1));
    const slice = envelope("discovery.k8s.io/v1", "EndpointSlice", bytes(2, conditions));
    expect(decodeObject(slice)).toMatchObject({
      endpoints: [{ conditions: { ready: false, serving: false, terminating: true } }],
    });
    const pod = envelope("v1", "Pod", bytes(2, int(25, 0)));
    expect(decodeObject(pod)).toMatchObject({ spec: { priority: 0 } });
  });

  it("reads moments with the digits of their kind, and none where there is none", () => {
    const at = [int(1, 1_700_000_000), int(2, 250_000_000)];
    const noTime = Buffer.from("088092b8c398feffffff01", "hex");
    const lease = bytes(2, bytes(3, ...at), bytes(4, noTime));
    expect(decodeObject(envelope("coordination.k8s.io/v1", "Lease", lease))["spec"]).toEqual({
      acquireTime: "2023-11-14T22:13:20.250000Z",
    });
    const metadata = bytes(1, bytes(8, ...at));
    expect(decodeObject(envelope("v1", "ConfigMap", metadata))).toMatchObject({
      metadata: { creationTimestamp: "2023-11-14T22:13:20Z" },
    });
  });

  it("reads the schemas of a CustomResourceDefinition, with what is one thing or another", () => {
    const json = (text: string) => bytes(1, text);
    const property = (name: string, ...schema: readonly Buffer[]) =>
      bytes(29, bytes(1, name), bytes(2, ...schema));
    const schema = [
      property("size", bytes(5, "integer"), double(11, 0), bytes(8, json("3"))),
      property("parts", bytes(24, bytes(1, bytes(5, "string")))),
      property("labels", bytes(30, int(1, 1), bytes(2, bytes(5, "string")))),
      property("any", bytes(30, int(1, 1)), int(38, 1)),
      property("colour", bytes(20, json('"red"')), bytes(20, json("null"))),
    ];
    const version = bytes(7, bytes(1, "v1"), int(2, 0), int(3, 1), bytes(4, bytes(1, ...schema)));
    const object = envelope(
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      bytes(2, version),
    );
    expect(decodeObject(object)).toMatchObject({
      spec: {
        versions: [
          {
            ...{ name: "v1", served: false, storage: true },
            schema: {
              openAPIV3Schema: {
                properties: {
                  size: { type: "integer", minimum: 0, default: 3 },
                  parts: { items: { type: "string" } },
                  labels: { additionalProperties: { type: "string" } },
                  any: { additionalProperties: true, "x-kubernetes-preserve-unknown-fields": true },
                  colour: { enum: ["red", null] },
                },
              },
            },
          },
        ],
      },
    });
  });

  it("reads bytes as base64, and numbers or names of ports", () => {
    const data = bytes(2, bytes(1, "key"), bytes(2, Buffer.of(0, 255)));
    expect(decodeObject(envelope("v1", "Secret", data))).toMatchObject({ data: { key: "AP8=" } });
    const byNumber = bytes(1, int(3, 80), bytes(4, int(1, 0), int(2, 8080)));
    const byName = bytes(1, int(3, 81), bytes(4, int(1, 1), bytes(3, "http")));
    expect(decodeObject(envelope("v1", "Service", bytes(2, byNumber, byName)))).toMatchObject({
      spec: {
        ports: [
          { port: 80, targetPort: 8080 },
          { port: 81, targetPort: "http" },
        ],
      },
    });
  });

  it("reads the fields of inlined types into their owner", () => {
    const volume = bytes(1, bytes(1, "v"), bytes(2, bytes(19, bytes(1, bytes(1, "settings")))));
    expect(decodeObject(envelope("v1", "Pod", bytes(2, volume)))).toMatchObject({
      spec: { volumes: [{ name: "v", configMap: { name: "settings" } }] },
    });
  });

  it("reads times and quantities", () => {
    const created = bytes(1, bytes(8, int(1, 1_767_225_600)));
    const limits = bytes(1, bytes(1, "cpu"), bytes(2, bytes(1, "500m")));
    const container = bytes(2, bytes(8, limits));
    expect(decodeObject(envelope("v1", "Pod", created, bytes(2, container)))).toMatchObject({
      metadata: { creationTimestamp: "2026-01-01T00:00:00Z" },
      spec: { containers: [{ resources: { limits: { cpu: "500m" } } }] },
    });
  });

  it("refuses what is no protobuf, what is cut off, and a kind it has no type for", () => {
    expect(() => decodeObject(Buffer.from("{}"))).toThrow(expect.objectContaining({ code: 400 }));
    const whole = envelope("v1", "Secret", bytes(1, bytes(1, "s")));
    expect(() => decodeObject(whole.subarray(0, whole.length - 1))).toThrow(
      expect.objectContaining({ code: 400 }),
    );
    expect(() => decodeObject(envelope("v9", "Unheard"))).toThrow(
      expect.objectContaining({ code: 415 }),
    );
  });
});
