import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Pod } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";
import {
  isRunning,
  node,
  startTestNode,
  type TestNode,
} from "#embedded/kubelet/testing/test-node.ts";

const exitOf = (pod: Pod | undefined) => pod?.status.containerStatuses?.[0]?.state.terminated;

describe("a memory limit", () => {
  let here: TestNode;
  beforeAll(async () => {
    here = await startTestNode();
  });
  afterAll(() => here.stop());

  const limits = { memory: "200Mi" };
  const spec = (script: string) => ({
    restartPolicy: "Never" as const,
    containers: [node(script, { resources: { limits } })],
  });

  it("ends a container that needs more, and says OOMKilled", async () => {
    const grow = "const kept = []; setInterval(() => kept.push(Buffer.alloc(2 ** 23, 1)), 5)";
    await here.api.createPod("greedy", spec(grow));
    await here.api.untilPod("greedy", (pod) => exitOf(pod) !== undefined);
    const { exitCode, reason } = exitOf(await here.api.pod("greedy")) ?? {};
    expect([exitCode, reason]).toEqual([137, "OOMKilled"]);
  });

  it("counts what a child of the program needs", async () => {
    const child = "const kept = []; setInterval(() => kept.push(Buffer.alloc(2 ** 23, 1)), 5)";
    const parent = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}]); setInterval(() => {}, 1e3)`;
    await here.api.createPod("greedy-child", spec(parent));
    await here.api.untilPod("greedy-child", (pod) => exitOf(pod) !== undefined);
    expect(exitOf(await here.api.pod("greedy-child"))?.reason).toBe("OOMKilled");
  });

  it("holds to another limit after a resize, without a restart", async () => {
    const hold = "globalThis.kept = Buffer.alloc(1.5e8, 1); setInterval(() => {}, 1e3)";
    await here.api.createPod("resized", spec(hold));
    const running = await here.api.untilPod("resized", isRunning);
    if (running === undefined) throw new Error("the pod is not there");
    running.metadata.generation = 2;
    running.spec.containers = [node(hold, { resources: { limits: { memory: "100Mi" } } })];
    await here.api.update(PODS, running);
    await here.api.untilPod("resized", (seen) => exitOf(seen) !== undefined);
    expect(exitOf(await here.api.pod("resized"))?.reason).toBe("OOMKilled");
    expect(here.api.eventsOf("resized").join()).toContain("ResizeCompleted: Pod resize completed");
  });

  it("leaves one alone that stays below, and its exit as it was", async () => {
    await here.api.createPod("modest", spec("setTimeout(() => process.exit(3), 600)"));
    await here.api.untilPod("modest", isRunning);
    await here.api.untilPod("modest", (pod) => exitOf(pod) !== undefined);
    const { exitCode, reason } = exitOf(await here.api.pod("modest")) ?? {};
    expect([exitCode, reason]).toEqual([3, "Error"]);
  });
});
