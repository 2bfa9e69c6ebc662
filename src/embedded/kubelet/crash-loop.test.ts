import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Pod } from "#embedded/api/objects.ts";
import { DEFAULT_TIMING } from "./node-context.ts";
import { shell, startTestNode, type TestNode } from "./testing/test-node.ts";

const timing = { ...DEFAULT_TIMING, relistMs: 5, oneLookMs: 150, backOffMs: 60_000 };

let here: TestNode;
beforeAll(async () => {
  here = await startTestNode({ timing });
});
afterAll(() => here.stop());

const stateOf = (pod: Pod | undefined) => pod?.status.containerStatuses?.[0]?.state ?? {};
const hasCrashedTwice = (pod: Pod | undefined) =>
  pod?.status.containerStatuses?.[0]?.restartCount === 1 && stateOf(pod).terminated !== undefined;

it("shows the last end of a program that ran for a while until it is started again", async () => {
  await here.api.createPod("late", { containers: [shell("sleep 0.4; exit 1")] });
  await here.api.untilPod("late", hasCrashedTwice);
  await sleep(300);
  const pod = await here.api.untilPod("late", () => true);
  expect(stateOf(pod)).toMatchObject({ terminated: { reason: "Error", exitCode: 1 } });
});

it("soon says CrashLoopBackOff of a program that ended as it began", {
  timeout: 20_000,
}, async () => {
  await here.api.createPod("early", { containers: [shell("exit 1")] });
  await here.api.untilPod("early", (pod) => stateOf(pod).waiting?.reason === "CrashLoopBackOff");
});
