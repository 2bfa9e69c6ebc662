import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Node } from "#embedded/api/objects.ts";
import { NODES } from "#embedded/api/resources.ts";
import { groupByPriority, shutdownGroups } from "./shut-down-node.ts";
import { isRunning, startTestNode, type TestNode, trapping } from "./testing/test-node.ts";

describe("groupByPriority", () => {
  const pods = [0, 10, 2_000_000_000, -5].map((priority) => ({ priority }));

  it("gives critical pods the last part of the whole period", () => {
    expect(groupByPriority(pods, shutdownGroups(30, 10))).toEqual([
      { seconds: 20, pods: [{ priority: 0 }, { priority: 10 }, { priority: -5 }] },
      { seconds: 10, pods: [{ priority: 2_000_000_000 }] },
    ]);
  });

  it("goes from low to high and leaves out groups without pods", () => {
    const groups = [
      { priority: 10, seconds: 3 },
      { priority: 0, seconds: 1 },
      { priority: 5, seconds: 2 },
    ];
    expect(groupByPriority([{ priority: 12 }, { priority: 1 }], groups)).toEqual([
      { seconds: 1, pods: [{ priority: 1 }] },
      { seconds: 3, pods: [{ priority: 12 }] },
    ]);
  });
});

describe("shutDownNode", () => {
  let here: TestNode;
  beforeEach(async () => {
    here = await startTestNode();
  });
  afterEach(() => here.stop());

  it("ends the pods without deleting them, the critical ones last, and rejects new ones", async () => {
    const slow = trapping("sleep 0.5; exit 1");
    await here.api.createPod("critical", {
      priority: 2_000_000_000,
      containers: [trapping("exit 0")],
    });
    await here.api.createPod("regular", { containers: [slow] });
    for (const name of ["critical", "regular"]) await here.api.untilPod(name, isRunning);
    const down = here.kubelet.shutDown();
    await here.api.untilPod("regular", () => here.api.eventsOf("regular").some(isKilling));
    await here.api.createPod("late", { containers: [slow] });
    await down;
    const pods = await Promise.all(
      ["regular", "critical", "late"].map((name) => here.api.pod(name)),
    );
    expect(pods.map((pod) => [pod?.status.phase, pod?.status.reason])).toEqual([
      ["Failed", "Terminated"],
      ["Succeeded", "Terminated"],
      ["Failed", "NodeShutdown"],
    ]);
    expect(pods[0]?.metadata.deletionTimestamp).toBeUndefined();
    expect(pods[0]?.status.conditions).toContainEqual(
      expect.objectContaining({ type: "DisruptionTarget", reason: "TerminationByKubelet" }),
    );
    const ends = here.api.history.flatMap(({ object }) => {
      const { phase } = (object.status ?? {}) as { phase?: string };
      return phase === "Failed" || phase === "Succeeded" ? [object.metadata.name] : [];
    });
    expect(ends).toEqual(["late", "regular", "critical"]);
  });

  it("reports that the node is not ready, and tells that it shuts down", async () => {
    await here.kubelet.shutDown();
    const ready = (await here.api.get<Node>(NODES, "node-1"))?.status.conditions?.at(-1);
    expect(ready).toMatchObject({
      type: "Ready",
      status: "False",
      message: "node is shutting down",
    });
    await expect
      .poll(() => here.api.eventsOf("node-1"))
      .toContain("Shutdown: Shutdown manager detected shutdown event");
  });
});

function isKilling(event: string): boolean {
  return event.startsWith("Killing");
}
