import { describe, expect, it } from "vitest";
import type { KubeObject } from "#embedded/api/objects.ts";
import { findKind } from "#embedded/apiserver/schema/type-table.ts";
import { decodeFields, describePath, encodeFields } from "./fields-v1.ts";
import { decodeManagers, encodeManagers, type Manager } from "./managers.ts";
import type { Topology } from "./topology.ts";
import { trackUpdate } from "./track-update.ts";

const topologyOfKind = (apiVersion: string, kind: string): Topology => {
  const type = findKind(apiVersion, kind);
  if (type === undefined) throw new Error(`no ${kind}`);
  return { type: "fields", of: type };
};

const writer = (name: string, subresource = "") =>
  ({ name, operation: "Update", apiVersion: "v1", subresource }) as const;

const aPod = (fields: object = {}): KubeObject =>
  ({ apiVersion: "v1", kind: "Pod", metadata: { name: "web", uid: "1" }, ...fields }) as KubeObject; // as stored

const track = ({
  by = writer("kubectl-run"),
  ...write
}: {
  before?: KubeObject;
  after: KubeObject;
  managers?: readonly Manager[];
  by?: ReturnType<typeof writer>;
  time?: string;
}) =>
  trackUpdate({
    topology: topologyOfKind("v1", "Pod"),
    managers: [],
    time: "2026-11-24T08:00:00Z",
    writer: by,
    ...write,
  });

const fields = (managers: readonly Manager[], name: string) => {
  const manager = managers.find((each) => each.name === name);
  return manager && encodeFields(manager.fields);
};

describe("trackUpdate", () => {
  it("gives a new object to its creator, with the structures it has brought in", () => {
    const labels = { run: "web" };
    const container = { name: "app", image: "a", resources: {}, env: [{ name: "A", value: "1" }] };
    const after = aPod({
      metadata: { name: "web", namespace: "default", uid: "1", labels },
      spec: { containers: [container], securityContext: {}, nodeSelector: { a: "b" } },
      status: { phase: "Pending" },
    });
    expect(fields(track({ after }), "kubectl-run")).toEqual({
      "f:metadata": { "f:labels": { ".": {}, "f:run": {} } },
      "f:spec": {
        "f:containers": {
          'k:{"name":"app"}': {
            ".": {},
            "f:env": {
              ".": {},
              'k:{"name":"A"}': { ".": {}, "f:name": {}, "f:value": {} },
            },
            "f:image": {},
            "f:name": {},
            "f:resources": {},
          },
        },
        "f:nodeSelector": {},
        "f:securityContext": {},
      },
    });
  });

  it("moves what is changed to whoever changed it, and forgets what is gone", () => {
    const before = aPod({ spec: { containers: [{ name: "app", image: "a" }], hostname: "h" } });
    const managers = track({ after: before });
    const after = aPod({ spec: { containers: [{ name: "app", image: "b" }] } });
    const next = track({ before, after, managers, by: writer("kubectl-set") });
    expect(fields(next, "kubectl-set")).toEqual({
      "f:spec": { "f:containers": { 'k:{"name":"app"}': { "f:image": {} } } },
    });
    expect(fields(next, "kubectl-run")).toEqual({
      "f:spec": { "f:containers": { 'k:{"name":"app"}': { ".": {}, "f:name": {} } } },
    });
  });
});

describe("managedFields", () => {
  it("survive the way to a client and back", () => {
    const managers = track({ after: aPod({ metadata: { name: "web", finalizers: ["a/b"] } }) });
    const encoded = encodeManagers(managers);
    expect(encoded).toEqual([
      {
        manager: "kubectl-run",
        operation: "Update",
        apiVersion: "v1",
        time: "2026-11-24T08:00:00Z",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:metadata": { "f:finalizers": { ".": {}, 'v:"a/b"': {} } } },
      },
    ]);
    const [entry] = encoded;
    const sentBack = [{ ...entry, time: "2026-11-24T08:00:00.000Z" }];
    expect(encodeManagers(decodeManagers(sentBack) ?? [])).toEqual(encoded);
  });

  it("of one empty entry mean that nobody owns anything, and others are not understood", () => {
    expect(decodeManagers([{}])).toEqual([]);
    expect(decodeManagers([{ manager: "a", operation: "Update", fieldsV1: { "x:a": {} } }])).toBe(
      undefined,
    );
    expect(decodeManagers([{ manager: "a", operation: "Steal", fieldsV1: {} }])).toBe(undefined);
    expect(decodeManagers(undefined)).toBe(undefined);
    expect(decodeFields([])).toBe(undefined);
  });

  it("name applies before updates, and the older before the newer", () => {
    const one = {
      apiVersion: "v1",
      subresource: "",
      fields: { isMember: true, children: new Map() },
    };
    const encoded = encodeManagers([
      { ...one, name: "c", operation: "Update", time: "2" },
      { ...one, name: "b", operation: "Update", time: "1" },
      { ...one, name: "a", operation: "Apply", time: "3", subresource: "status" },
    ]);
    expect(encoded.map(({ manager }) => manager)).toEqual(["a", "b", "c"]);
    expect(encoded[0]).toMatchObject({ subresource: "status" });
  });

  it("join those who updated longest ago when there are many", () => {
    let state: { before: KubeObject; managers: readonly Manager[] } = {
      before: aPod({ metadata: { name: "web", labels: {} } }),
      managers: [],
    };
    const labels: Record<string, string> = {};
    for (let index = 0; index < 12; index++) {
      labels[`l${index}`] = "x";
      const after = aPod({ metadata: { name: "web", labels: { ...labels } } });
      const by = writer(`writer-${index}`);
      const managers = track({ ...state, after, by, time: String(100 + index) });
      state = { before: after, managers };
    }
    expect(state.managers).toHaveLength(10);
    expect(fields(state.managers, "ancient-changes")).toEqual({
      "f:metadata": { "f:labels": { "f:l0": {}, "f:l1": {}, "f:l2": {} } },
    });
  });
});

describe("describePath", () => {
  it("spells fields, keys and values as messages do", () => {
    expect(
      describePath(["f:spec", "f:ports", 'k:{"containerPort":80,"protocol":"TCP"}', "f:name"]),
    ).toBe('.spec.ports[containerPort=80,protocol="TCP"].name');
    expect(describePath(["f:metadata", "f:finalizers", 'v:"a/b"'])).toBe(
      '.metadata.finalizers[="a/b"]',
    );
  });
});
