import { describe, expect, it } from "vitest";
import { compareChains, type Facets } from "./chain.ts";
import { nodePlan } from "./golden-case.ts";
import { recordedResources } from "./recorded-resources.ts";
import { Roles } from "./roles.ts";
import { isSettled } from "./settled.ts";
import type { Timed } from "./timed.ts";
import { parseTrace, type Trace, type TraceEntry, type TraceObject } from "./trace.ts";
import { turningPoints } from "./turning-points.ts";

const state = (atMs: number, facets: Readonly<Record<string, string>>): Timed<Facets> => ({
  atMs,
  value: new Map(Object.entries(facets)),
});
const anObject = (name: string, rest: object = {}): TraceObject => ({
  metadata: { name, uid: `uid-${name}`, resourceVersion: "1" },
  ...rest,
});
const aTrace = (...entries: readonly TraceEntry[]): Trace => ({
  entries,
  action: { exitCode: 0, stdout: "", stderr: "" },
});
const initial = (resource: string, object: TraceObject): TraceEntry => ({
  t: -1,
  resource,
  type: "INITIAL",
  object,
});

describe("compareChains", () => {
  const both = [state(-1, { a: "0", b: "0" }), state(100, { a: "1", b: "1" })];

  it("tolerates that one write is made in two, and two in one, when they follow closely", () => {
    const split = [state(-1, { a: "0", b: "0" }), state(90, { a: "1", b: "0" }), ...both.slice(1)];
    expect(compareChains("x", both, split)).toEqual([]);
    expect(compareChains("x", split, both)).toEqual([]);
  });

  it("finds two changes in another order", () => {
    const aFirst = [both[0], state(10, { a: "1", b: "0" }), both[1]].filter(
      (one) => one !== undefined,
    );
    const bFirst = [both[0], state(10, { a: "0", b: "1" }), both[1]].filter(
      (one) => one !== undefined,
    );
    expect(compareChains("x", aFirst, bFirst)[0]?.where).toBe("x: order of changes");
  });

  it("finds a state that lasted in one and is not in the other, either way", () => {
    const late = [
      state(-1, { a: "0", b: "0" }),
      state(90, { a: "1", b: "0" }),
      state(2_000, { a: "1", b: "1" }),
    ];
    expect(compareChains("x", late, both)[0]?.seen).toBe("(not seen)");
    expect(compareChains("x", both, late)[0]?.expected).toBe("(not in the golden trace)");
  });

  it("finds a value that a facet never had, and one that it never took", () => {
    expect(compareChains("x", both, both.slice(0, 1))[0]?.where).toBe("x: a, 2 of 2");
  });
});

describe("turningPoints", () => {
  it("keeps both ends and each place where growing becomes shrinking", () => {
    expect(turningPoints([3, 3, 2, 1, 1, 2, 3])).toEqual([3, 1, 3]);
    expect(turningPoints([10, 8, 7, 0])).toEqual([10, 0]);
    expect(turningPoints([1])).toEqual([1]);
  });
});

describe("roles", () => {
  it("stand for what chance named, in the order of creation", () => {
    const owner = [{ kind: "Deployment", name: "web", uid: "uid-web", controller: true }];
    const set = (name: string, creationTimestamp: string) => ({
      metadata: { ...anObject(name).metadata, creationTimestamp, ownerReferences: owner },
    });
    const pod = {
      metadata: {
        ...anObject("web-b-x1").metadata,
        namespace: "g-case",
        ownerReferences: [
          { kind: "ReplicaSet", name: "web-b", uid: "uid-web-b", controller: true },
        ],
      },
      spec: { nodeName: "node-a" },
    };
    const roles = new Roles(
      aTrace(
        initial("replicasets", set("web-b", "2026-01-01T00:00:02Z")),
        initial("replicasets", set("web-a", "2026-01-01T00:00:01Z")),
        initial("pods", pod),
      ),
    );
    expect(roles.roleOf("pods", pod)).toBe("Pod of ReplicaSet web/2");
    const text = "Assigned g-case/web-b-x1 of web-b to node-a at 10.0.0.7:80; web-b-x12 stays";
    expect(roles.withoutChance(text)).toBe(
      "Assigned <namespace>/<Pod of ReplicaSet web/2> of <ReplicaSet web/2> to <node> at <ip>:80; web-b-x12 stays",
    );
    expect(roles.withoutChance("failed container=app pod=web-b-x1_g-case(1)")).toBe(
      "failed container=app pod=<Pod of ReplicaSet web/2>_<namespace>(1)",
    );
    expect(roles.withoutChance('Pod "p" matches several.  Chose "b" arbitrarily.')).toBe(
      'Pod "p" matches several.  Chose one arbitrarily.',
    );
  });

  it("stay with a pod that is orphaned, and are the prefix of one that only somebody's prefix names", () => {
    const controller = { kind: "Job", name: "batch", uid: "uid-batch", controller: true };
    const { metadata } = anObject("batch-x1");
    const orphan = { metadata: { ...metadata, generateName: "batch-" } };
    const owned = { metadata: { ...orphan.metadata, ownerReferences: [controller] } };
    const other = { metadata: { ...anObject("mine-x2").metadata, generateName: "mine-" } };
    const roles = new Roles(
      aTrace(initial("pods", owned), initial("pods", orphan), initial("pods", other)),
    );
    expect(roles.roleOf("pods", orphan)).toBe("Pod of Job batch");
    expect(roles.roleOf("pods", other)).toBe("Pod mine-…");
    expect(roles.withoutChance("pod/mine-x2 deleted")).toBe("pod/<Pod mine-…> deleted");
  });
});

describe("reading a trace", () => {
  const done =
    '{"t":5,"resource":"action","type":"DONE","object":{"exitCode":0,"stdout":"","stderr":""}}';
  const entry = '{"t":1,"resource":"pods","type":"ADDED","object":{"metadata":{}}}';

  it("keeps the action apart and takes a clock's time for one from before it", () => {
    const late = entry.replace('"t":1', '"t":1795488983912');
    const { entries, action } = parseTrace(`${entry}\n${late}\n${done}\n`);
    expect(entries.map(({ t }) => t)).toEqual([1, -1]);
    expect(action.exitCode).toBe(0);
  });

  it.each([
    ["a line that is no entry", `{"t":1}\n${done}`],
    ["a trace without the end of its action", entry],
    ["an empty file", ""],
  ])("refuses %s", (_, text) => {
    expect(() => parseTrace(text)).toThrow();
  });
});

describe("the cluster that a case is replayed on", () => {
  const bound = (name: string, nodeName: string) =>
    initial("pods", anObject(name, { spec: { nodeName } }));

  it("has as many nodes as the pods ran on, where the nodes were not recorded", () => {
    expect(nodePlan(aTrace(bound("a", "n1"), bound("b", "n1")))).toEqual({ count: 1, taints: [] });
    expect(nodePlan(aTrace(bound("a", "n1"), bound("b", "n2"))).count).toBe(2);
  });

  it("has as many nodes as the scheduler told of a pod that fits on none", () => {
    const event = anObject("e", { message: "0/3 nodes are available: 3 node(s) didn't match." });
    expect(nodePlan(aTrace(initial("events", event))).count).toBe(3);
  });

  it("has the recorded nodes with the taints that they had", () => {
    const taints = [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }];
    const trace = aTrace(
      initial("nodes", anObject("cp", { spec: { taints } })),
      initial("nodes", anObject("w1", { spec: {} })),
      bound("a", "w1"),
    );
    expect(nodePlan(trace)).toEqual({
      count: 2,
      taints: ["node-role.kubernetes.io/control-plane:NoSchedule"],
    });
  });

  it("is watched for whatever the golden trace holds, or refuses", () => {
    const paths = recordedResources(new Set(["nodes", "cronjobs"]), "g-case").map(
      ({ path }) => path,
    );
    expect(paths).toContain("/api/v1/nodes");
    expect(paths).toContain("/apis/batch/v1/namespaces/g-case/cronjobs");
    expect(paths).toContain("/apis/discovery.k8s.io/v1/namespaces/g-case/endpointslices");
    expect(() => recordedResources(new Set(["widgets"]), "g-case")).toThrow(/widgets/);
  });
});

describe("a recording may end", () => {
  const ready = { conditions: [{ type: "Ready", status: "True" }] };
  const pod = (status: object, metadata: object = {}) => {
    const object = anObject("p", { status });
    return {
      resource: "pods",
      object: { ...object, metadata: { ...object.metadata, ...metadata } },
    };
  };
  const set = (status: object) => ({
    resource: "replicasets",
    object: anObject("rs", { spec: { replicas: 2 }, status }),
  });
  const whole = { replicas: 2, readyReplicas: 2 };

  it("when all pods are ready or done and every workload says what it wants", () => {
    expect(isSettled([pod(ready), pod({ phase: "Succeeded" }), set(whole)])).toBe(true);
  });

  it.each([
    ["a pod is leaving", [pod(ready, { deletionTimestamp: "2026-01-01T00:00:00Z" })]],
    ["a pod is not ready yet", [pod({ phase: "Running" })]],
    ["a workload has too few", [set({ replicas: 2, readyReplicas: 1 })]],
    ["a workload counts one that terminates", [set({ ...whole, terminatingReplicas: 1 })]],
  ])("not while %s", (_, objects) => {
    expect(isSettled(objects)).toBe(false);
  });
});
