import { describe, expect, it } from "vitest";
import type { Condition, Toleration } from "#embedded/api/objects.ts";
import { aNode, aPod, secondsAgo } from "#embedded/controllers/testing/builders.ts";
import { desiredTaints } from "./desired-taints.ts";
import { tolerates } from "./taints.ts";
import { toleratedForMs } from "./toleration-limit.ts";

describe("tolerates", () => {
  const taint = { key: "k", value: "v", effect: "NoExecute" };

  it.each([
    [{ key: "k", operator: "Exists" }, true],
    [{ key: "k", value: "v" }, true],
    [{ key: "k", value: "w" }, false],
    [{ key: "k", operator: "Exists", effect: "NoSchedule" }, false],
    [{ operator: "Exists" }, true],
    [{ key: "other", operator: "Exists" }, false],
  ] as const)("judges %j", (toleration, expected) => {
    expect(tolerates(toleration, taint)).toBe(expected);
  });
});

describe("toleratedForMs", () => {
  const unreachable = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" };
  const withTolerations = (...tolerations: Toleration[]) => aPod("p", { spec: { tolerations } });

  it("is nothing for a pod that does not tolerate a taint", () => {
    expect(toleratedForMs(aPod("p"), [unreachable])).toBe(0);
  });

  it("is for ever for a pod that tolerates it without limit, or a taint that only keeps pods away", () => {
    const forever = withTolerations({ key: unreachable.key, operator: "Exists" });
    expect(toleratedForMs(forever, [unreachable])).toBeUndefined();
    expect(toleratedForMs(aPod("p"), [{ key: "k", effect: "NoSchedule" }])).toBeUndefined();
  });

  it("is the shortest of the limits", () => {
    const limited = (tolerationSeconds: number) =>
      ({ key: unreachable.key, operator: "Exists", tolerationSeconds }) as const;
    expect(toleratedForMs(withTolerations(limited(300), limited(60)), [unreachable])).toBe(60_000);
  });
});

describe("desiredTaints", () => {
  const keys = (ready: Condition["status"], spec: ReturnType<typeof aNode>["spec"] = {}) => {
    const conditions: Condition[] = [
      { type: "Ready", status: ready },
      { type: "DiskPressure", status: "False" },
      { type: "MemoryPressure", status: ready === "True" ? "False" : "True" },
    ];
    return desiredTaints(aNode("n", { spec, status: { conditions } }), secondsAgo(0)).map(
      ({ key, effect }) => `${key.replace("node.kubernetes.io/", "")}:${effect}`,
    );
  };

  it("keeps new pods away from a node that is not Ready, and old ones from staying", () => {
    expect(keys("False")).toEqual([
      "not-ready:NoSchedule",
      "not-ready:NoExecute",
      "memory-pressure:NoSchedule",
    ]);
    expect(keys("Unknown").slice(0, 2)).toEqual([
      "unreachable:NoSchedule",
      "unreachable:NoExecute",
    ]);
  });

  it("tells of a cordon, and takes that back with it", () => {
    expect(keys("True", { unschedulable: true })).toEqual(["unschedulable:NoSchedule"]);
    const taints = [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }];
    expect(keys("True", { taints })).toEqual([]);
  });

  it("leaves other people's taints and the dates of its own alone", () => {
    const mine = {
      key: "node.kubernetes.io/not-ready",
      effect: "NoExecute",
      timeAdded: secondsAgo(99),
    };
    const node = aNode("n", {
      spec: { taints: [{ key: "gpu", effect: "NoSchedule" }, mine] },
      status: { conditions: [{ type: "Ready", status: "False" }] },
    });
    const taints = desiredTaints(node, secondsAgo(0));
    expect(taints[0]).toEqual({ key: "gpu", effect: "NoSchedule" });
    expect(taints).toContainEqual(mine);
  });
});
