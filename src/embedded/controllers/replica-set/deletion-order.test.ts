import { describe, expect, it } from "vitest";
import type { Pod } from "#embedded/api/objects.ts";
import { aPod, NOW_MS, secondsAgo } from "#embedded/controllers/testing/builders.ts";
import { inDeletionOrder } from "./deletion-order.ts";

const order = (...pods: Pod[]) =>
  inDeletionOrder(pods, pods, NOW_MS).map(({ metadata }) => metadata.name);

describe("inDeletionOrder", () => {
  it("goes from the pod that serves least to the one that serves most", () => {
    const pods = [
      aPod("ready"),
      aPod("unready", { ready: false }),
      aPod("unknown", { status: { phase: "Unknown" } }),
      aPod("pending", { status: { phase: "Pending" } }),
      aPod("unassigned", { spec: { nodeName: "" }, status: { phase: "Running" } }),
    ];
    expect(order(...pods)).toEqual(["unassigned", "pending", "unknown", "unready", "ready"]);
  });

  it("deletes cheap pods before dear ones", () => {
    const costing = (cost: string) => ({
      metadata: { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } },
    });
    expect(order(aPod("dear", costing("10")), aPod("plain"), aPod("cheap", costing("-5")))).toEqual(
      ["cheap", "plain", "dear"],
    );
  });

  it("thins out the node where most of the owner's pods are", () => {
    const pods = [
      aPod("alone", { spec: { nodeName: "node-2" } }),
      aPod("crowded-a"),
      aPod("crowded-b"),
    ];
    expect(order(...pods).at(-1)).toBe("alone");
  });

  it("deletes what became Ready much later first", () => {
    const pods = [
      aPod("old", { readySince: secondsAgo(10_000) }),
      aPod("new", { readySince: secondsAgo(1) }),
    ];
    expect(order(...pods)).toEqual(["new", "old"]);
  });

  it("decides by uid between pods that are about equally old", () => {
    const pods = [
      aPod("b", { readySince: secondsAgo(1000) }),
      aPod("a", { readySince: secondsAgo(1010) }),
    ];
    expect(order(...pods)).toEqual(["a", "b"]);
  });

  it("deletes what has restarted more often first", () => {
    const restarted = (count: number) => ({
      status: {
        containerStatuses: [
          {
            ...{ name: "app", ready: true, started: true, image: "", imageID: "" },
            ...{ state: {}, lastState: {}, restartCount: count },
          },
        ],
      },
    });
    expect(order(aPod("calm", restarted(0)), aPod("shaky", restarted(3)))).toEqual([
      "shaky",
      "calm",
    ]);
  });
});
