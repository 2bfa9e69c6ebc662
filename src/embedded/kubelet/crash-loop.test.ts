import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import type { Pod } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";
import { DEFAULT_TIMING } from "./node-context.ts";
import { shell, startTestNode, type TestNode } from "./testing/test-node.ts";

let here: TestNode;
/** `oneLookMs`: what runs longer than this is seen to start, and then to end. */
const start = async (oneLookMs: number) => {
  const timing = { ...DEFAULT_TIMING, relistMs: 5, oneLookMs, backOffMs: 60_000 };
  here = await startTestNode({ timing });
  return here.api;
};
afterEach(() => here.stop());

const stateOf = (pod: Pod | undefined) => pod?.status.containerStatuses?.[0]?.state ?? {};
const reasonOf = (pod: Pod | undefined) => stateOf(pod).waiting?.reason;
const hasEndedAfter = (restarts: number) => (pod: Pod | undefined) =>
  pod?.status.containerStatuses?.[0]?.restartCount === restarts &&
  stateOf(pod).terminated !== undefined;

it("shows the last end of a program that ran for a while until it is started again", async () => {
  const api = await start(150);
  await api.createPod("late", { containers: [shell("sleep 0.4; exit 1")] });
  const crashed = await api.untilPod("late", hasEndedAfter(1));
  if (crashed === undefined) throw new Error("There is no pod.");
  // Somebody makes the kubelet look at it; a real one tells no more by that.
  const labels = { looked: "at" };
  await api.update(PODS, { ...crashed, metadata: { ...crashed.metadata, labels } });
  await sleep(300);
  const pod = await api.untilPod("late", () => true);
  expect(stateOf(pod)).toMatchObject({ terminated: { reason: "Error", exitCode: 1 } });
});

it("soon says CrashLoopBackOff of a program that ended as it began", {
  timeout: 20_000,
}, async () => {
  const api = await start(60_000);
  await api.createPod("early", { containers: [shell("exit 1")] });
  await api.untilPod("early", (pod) => reasonOf(pod) === "CrashLoopBackOff");
});

const command = ["sh", "-c", "echo out; echo cannot >&2; exit 3"];
const hooked = {
  terminationGracePeriodSeconds: 1,
  containers: [shell("sleep 60", { lifecycle: { postStart: { exec: { command } } } })],
};

it("says why a postStart hook failed, and no more when that took no longer than a look", {
  timeout: 30_000,
}, async () => {
  const api = await start(60_000);
  await api.createPod("hooked", hooked);
  await api.untilPod("hooked", () => api.eventsOf("hooked").some((text) => /^BackOff/.test(text)));
  await sleep(300);
  const pod = await api.untilPod("hooked", () => true);
  const whose = `Container "app" in Pod "hooked_test(${pod?.metadata.uid})"`;
  expect(stateOf(pod).waiting).toEqual({
    reason: "PostStartHookError",
    message:
      `Exec lifecycle hook ([${command.join(" ")}]) for ${whose} failed - error: ` +
      `command '${command.join(" ")}' exited with 3: cannot\n, message: "out\\ncannot\\n"`,
  });
});

it("says CrashLoopBackOff when a postStart hook took its time to fail", {
  timeout: 30_000,
}, async () => {
  const api = await start(1);
  await api.createPod("hooked", hooked);
  await api.untilPod("hooked", (pod) => reasonOf(pod) === "CrashLoopBackOff");
});

it("soon says CrashLoopBackOff of a program that a failed probe ended, however long it ran", {
  timeout: 30_000,
}, async () => {
  const api = await start(1);
  const startupProbe = { exec: { command: ["false"] }, periodSeconds: 1, failureThreshold: 1 };
  await api.createPod("probed", {
    terminationGracePeriodSeconds: 1,
    containers: [shell("trap 'exit 0' TERM; while :; do sleep 0.05; done", { startupProbe })],
  });
  await api.untilPod("probed", (pod) => reasonOf(pod) === "CrashLoopBackOff");
});

it("takes crashes that follow on a kill for crashes", { timeout: 30_000 }, async () => {
  const api = await start(150);
  const folder = mkdtempSync(join(tmpdir(), "crash-loop-"));
  const seen = join(folder, "seen");
  const script = `[ -f ${seen} ] && sleep 0.4 && exit 1; touch ${seen}; trap 'exit 0' TERM; while :; do sleep 0.05; done`;
  const startupProbe = {
    exec: { command: ["false"] },
    initialDelaySeconds: 1,
    failureThreshold: 1,
  };
  // The start after the kill is part of the kill; the first crash costs nothing, the second does.
  await api.createPod("both", {
    terminationGracePeriodSeconds: 1,
    containers: [shell(script, { startupProbe })],
  });
  const crashed = await api.untilPod("both", hasEndedAfter(2));
  if (crashed === undefined) throw new Error("There is no pod.");
  const labels = { looked: "at" };
  await api.update(PODS, { ...crashed, metadata: { ...crashed.metadata, labels } });
  await sleep(300);
  const pod = await api.untilPod("both", () => true);
  expect(stateOf(pod)).toMatchObject({ terminated: { reason: "Error", exitCode: 1 } });
  rmSync(folder, { recursive: true });
});
