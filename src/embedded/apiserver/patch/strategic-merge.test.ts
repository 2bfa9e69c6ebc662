import { describe, expect, it } from "vitest";
import { applyStrategicMerge } from "./strategic-merge.ts";

const pod = (spec: object) => ({ spec });

describe("applyStrategicMerge", () => {
  it("merges containers by name and leaves the others alone", () => {
    const before = pod({
      containers: [
        { name: "a", image: "a:1", command: ["run"] },
        { name: "b", image: "b:1" },
      ],
    });
    const patch = pod({ containers: [{ name: "a", image: "a:2" }] });
    expect(applyStrategicMerge("Pod", before, patch)).toEqual(
      pod({
        containers: [
          { name: "a", image: "a:2", command: ["run"] },
          { name: "b", image: "b:1" },
        ],
      }),
    );
  });

  it("puts first what it adds, and keeps the order of what was there", () => {
    const names = (...containers: readonly string[]) =>
      pod({ containers: containers.map((name) => ({ name })) });
    expect(applyStrategicMerge("Pod", names("a", "b", "c"), names("new", "b"))).toEqual(
      names("new", "a", "b", "c"),
    );
    const finalizers = (...list: readonly string[]) => ({ metadata: { finalizers: list } });
    expect(applyStrategicMerge("Pod", finalizers("x"), finalizers("y"))).toEqual(
      finalizers("y", "x"),
    );
  });

  it("does not change the object it is given", () => {
    const before = pod({ containers: [{ name: "a", env: [{ name: "X", value: "1" }] }] });
    const copy = structuredClone(before);
    applyStrategicMerge("Pod", before, pod({ containers: [{ name: "a", env: [{ name: "Y" }] }] }));
    expect(before).toEqual(copy);
  });

  it("replaces a list that has no merge key", () => {
    const before = pod({
      containers: [{ name: "a", args: ["1", "2"] }],
      tolerations: [{ key: "x" }],
    });
    const patch = pod({ containers: [{ name: "a", args: ["3"] }], tolerations: [{ key: "y" }] });
    expect(applyStrategicMerge("Pod", before, patch)).toEqual(patch);
  });

  it("removes what is null, and an item by $patch: delete", () => {
    const before = pod({ hostname: "h", volumes: [{ name: "a" }, { name: "b" }] });
    const patch = pod({ hostname: null, volumes: [{ name: "a", $patch: "delete" }] });
    expect(applyStrategicMerge("Pod", before, patch)).toEqual(pod({ volumes: [{ name: "b" }] }));
  });

  it("replaces an object, and a whole list, by $patch: replace", () => {
    const before = pod({ nodeSelector: { a: "1" }, volumes: [{ name: "a" }, { name: "b" }] });
    const patch = pod({
      nodeSelector: { $patch: "replace", b: "2" },
      volumes: [{ $patch: "replace" }, { name: "c" }],
    });
    expect(applyStrategicMerge("Pod", before, patch)).toEqual(
      pod({ nodeSelector: { b: "2" }, volumes: [{ name: "c" }] }),
    );
  });

  it("keeps only the keys that $retainKeys names, as a change of strategy needs", () => {
    const before = {
      spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } },
    };
    const patch = { spec: { strategy: { type: "Recreate", $retainKeys: ["type"] } } };
    expect(applyStrategicMerge("Deployment", before, patch)).toEqual({
      spec: { strategy: { type: "Recreate" } },
    });
  });

  it("orders items as $setElementOrder says, and keeps server-side ones in their place", () => {
    const before = pod({ containers: [{ name: "sidecar" }, { name: "a" }, { name: "b" }] });
    const patch = pod({
      "$setElementOrder/containers": [{ name: "b" }, { name: "new" }, { name: "a" }],
      containers: [{ name: "new", image: "n" }],
    });
    expect(applyStrategicMerge("Pod", before, patch)).toEqual(
      pod({
        containers: [
          { name: "sidecar" },
          { name: "b" },
          { name: "new", image: "n" },
          { name: "a" },
        ],
      }),
    );
  });

  it("adds to a set of finalizers, and takes from it by $deleteFromPrimitiveList", () => {
    const before = { metadata: { finalizers: ["a", "b"] } };
    expect(applyStrategicMerge("Pod", before, { metadata: { finalizers: ["b", "c"] } })).toEqual({
      metadata: { finalizers: ["a", "b", "c"] },
    });
    const removal = { metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] } };
    expect(applyStrategicMerge("Pod", before, removal)).toEqual({
      metadata: { finalizers: ["b"] },
    });
  });

  it("merges ports by port in a Service and by containerPort in a container", () => {
    const service = { spec: { ports: [{ port: 80, nodePort: 30_000 }] } };
    expect(
      applyStrategicMerge("Service", service, { spec: { ports: [{ port: 80, name: "http" }] } }),
    ).toEqual({ spec: { ports: [{ port: 80, nodePort: 30_000, name: "http" }] } });
    const before = pod({ containers: [{ name: "a", ports: [{ containerPort: 80, name: "x" }] }] });
    const patch = pod({ containers: [{ name: "a", ports: [{ containerPort: 81 }] }] });
    expect(applyStrategicMerge("Pod", before, patch)).toEqual(
      pod({
        containers: [
          { name: "a", ports: [{ containerPort: 81 }, { containerPort: 80, name: "x" }] },
        ],
      }),
    );
  });

  it("merges conditions by type", () => {
    const before = { status: { conditions: [{ type: "Ready", status: "True" }, { type: "X" }] } };
    const patch = { status: { conditions: [{ type: "Ready", status: "False" }] } };
    expect(applyStrategicMerge("Pod", before, patch)).toEqual({
      status: { conditions: [{ type: "Ready", status: "False" }, { type: "X" }] },
    });
  });

  it("refuses an item that lacks its merge key", () => {
    expect(() => applyStrategicMerge("Pod", {}, pod({ containers: [{ image: "a" }] }))).toThrow(
      "does not contain declared merge key: name",
    );
  });
});
