import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Container, Pod, PodSpec } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";
import {
  isGone,
  isReady,
  node,
  SERVER,
  shell,
  startTestNode,
  type TestNode,
  trapping,
} from "./testing/test-node.ts";

describe("the termination of a pod", () => {
  let here: TestNode;
  beforeAll(async () => {
    here = await startTestNode();
  });
  afterAll(() => here.stop());

  async function run(name: string, spec: PodSpec): Promise<void> {
    await here.api.createPod(name, spec);
    await here.api.untilPod(name, isReady);
  }

  /** Deletes the pod and says how long it took and how it ended. */
  async function remove(name: string, gracePeriodSeconds: number) {
    const startedAtMs = performance.now();
    await here.api.delete(PODS, name, { namespace: "test", gracePeriodSeconds });
    const last = await here.api.untilPod(name, (pod) => pod?.status.phase !== "Running");
    const seconds = Math.floor((performance.now() - startedAtMs) / 1000);
    await here.api.untilPod(name, isGone);
    return { seconds, phase: last?.status.phase, exits: exitsOf(last) };
  }

  function exitsOf(pod: Pod | undefined): Record<string, string> {
    const { initContainerStatuses = [], containerStatuses = [] } = pod?.status ?? {};
    const statuses = [...initContainerStatuses, ...containerStatuses];
    return Object.fromEntries(
      statuses.map(({ name, state: { terminated } }) => [
        name,
        `${terminated?.exitCode} ${terminated?.reason}`,
      ]),
    );
  }

  function killEvents(name: string): readonly string[] {
    return here.api.eventsOf(name).filter((event) => /Killing|Hook/.test(event));
  }

  it("makes the pod Succeeded if all exit 0, and Failed if one does not, though it was graceful", async () => {
    await run("zero", { containers: [trapping("exit 0")] });
    await run("143", { containers: [trapping("exit 143")] });
    expect(await remove("zero", 5)).toMatchObject({ phase: "Succeeded" });
    expect(await remove("143", 5)).toMatchObject({ phase: "Failed", exits: { app: "143 Error" } });
  });

  it.concurrent("gives a grace of a month, which is more than a timer of Node.js holds", async () => {
    await run("month", { containers: [trapping("sleep 0.5; exit 0")] });
    expect(await remove("month", 30 * 24 * 3_600)).toMatchObject({ exits: { app: "0 Completed" } });
  });

  it.concurrent("kills what ignores SIGTERM when the grace is over, but not before 2 s", async () => {
    await run("ignoring", { containers: [trapping("")] });
    const ended = await remove("ignoring", 1);
    expect(ended).toEqual({ seconds: 2, phase: "Failed", exits: { app: "137 Error" } });
  });

  it.concurrent("does not send SIGTERM to a program without a handler: it uses up the grace", async () => {
    await run("handlerless", { containers: [node("setInterval(() => {}, 1000)")] });
    const ended = await remove("handlerless", 3);
    expect(ended).toEqual({ seconds: 3, phase: "Failed", exits: { app: "137 Error" } });
  });

  it.concurrent("runs preStop before SIGTERM, within the same grace period", async () => {
    const preStop = { sleep: { seconds: 1 } };
    await run("sleeping", { containers: [trapping("exit 0", { lifecycle: { preStop } })] });
    expect(await remove("sleeping", 10)).toMatchObject({ seconds: 1, phase: "Succeeded" });
  });

  it.concurrent("sends SIGTERM at once when preStop fails", async () => {
    const preStop = { exec: { command: ["/bin/sh", "-c", "exit 3"] } };
    await run("failing", { containers: [trapping("exit 0", { lifecycle: { preStop } })] });
    expect(await remove("failing", 10)).toMatchObject({ seconds: 0, phase: "Succeeded" });
    expect(killEvents("failing")).toEqual([
      "Killing: Stopping container app",
      "FailedPreStopHook: PreStopHook failed",
    ]);
  });

  it.concurrent("abandons a preStop that outlives the grace, then still gives 2 s", async () => {
    const preStop = { exec: { command: ["/bin/sleep", "30"] } };
    const slow = trapping("sleep 1; exit 0", { lifecycle: { preStop } });
    await run("outliving", { containers: [slow] });
    expect(await remove("outliving", 1)).toMatchObject({ seconds: 2, phase: "Succeeded" });
    // The hook fails when its container ends, and only then.
    expect(killEvents("outliving").at(-1)).toBe("FailedPreStopHook: PreStopHook failed");
  });

  it.concurrent("takes any answer to an HTTP preStop as success, and a refused connection as failure", async () => {
    const lifecycle = (path: string, port: number) => ({ preStop: { httpGet: { path, port } } });
    const server = (port: number): Container =>
      node(SERVER, { lifecycle: lifecycle("/fail", port) });
    await run("answered", { containers: [{ ...server(8080), ...readyWhenServing }] });
    await run("refused", { containers: [{ ...server(8081), ...readyWhenServing }] });
    expect(await remove("answered", 10)).toMatchObject({ phase: "Succeeded" });
    expect(await remove("refused", 10)).toMatchObject({ phase: "Succeeded" });
    expect(killEvents("answered")).toEqual(["Killing: Stopping container app"]);
    expect(killEvents("refused")).toContain("FailedPreStopHook: PreStopHook failed");
  });

  it.concurrent("ends sidecars after the regular containers, the last one first", async () => {
    const volumeMounts = [{ name: "shared", mountPath: "/shared" }];
    const logging = (name: string, seconds = 0): Container => ({
      ...trapping(`sleep ${seconds}; echo ${name} >> /shared/order; exit 0`, { volumeMounts }),
      name,
    });
    const volumes = [{ name: "shared", persistentVolumeClaim: { claimName: "order" } }];
    const sidecar = (name: string) => ({ ...logging(name), restartPolicy: "Always" as const });
    const initContainers = [sidecar("first"), sidecar("second")];
    await run("meshed", { volumes, initContainers, containers: [logging("app", 1)] });
    expect(await remove("meshed", 10)).toMatchObject({ phase: "Succeeded" });
    const check = shell("cat /shared/order; exit 1", {
      volumeMounts,
      terminationMessagePolicy: "FallbackToLogsOnError",
    });
    await here.api.createPod("order", { restartPolicy: "Never", volumes, containers: [check] });
    const pod = await here.api.untilPod("order", (pod) => pod?.status.phase === "Failed");
    const message = pod?.status.containerStatuses?.[0]?.state.terminated?.message;
    expect(message).toBe("app\nsecond\nfirst\n");
  });

  it.concurrent("keeps the grace of a running kill, whatever a later delete asks for", async () => {
    await run("shortened", { containers: [trapping("")] });
    const removed = remove("shortened", 4);
    await here.api.untilPod("shortened", () => killEvents("shortened").length > 0);
    await here.api.delete(PODS, "shortened", { namespace: "test", gracePeriodSeconds: 1 });
    expect(await removed).toMatchObject({ seconds: 4, exits: { app: "137 Error" } });
  });

  it.concurrent("goes on for 2 s after a forced delete has removed the object", async () => {
    const marker = `${here.directory}/forced`;
    await run("forced", { containers: [trapping(`sleep 1; touch ${marker}; exit 0`)] });
    await here.api.delete(PODS, "forced", { namespace: "test", gracePeriodSeconds: 0 });
    expect(await here.api.pod("forced")).toBeUndefined();
    await expect.poll(() => existsSync(marker), { timeout: 3_000 }).toBe(true);
  });

  it.concurrent("begins only when a running postStart hook has ended", async () => {
    const postStart = { sleep: { seconds: 1 } };
    const containers = [trapping("exit 0", { lifecycle: { postStart } })];
    const createdAtMs = performance.now();
    await here.api.createPod("starting", { containers });
    await here.api.untilPod("starting", () => here.api.eventsOf("starting").length >= 3);
    await remove("starting", 5);
    expect(performance.now() - createdAtMs).toBeGreaterThan(1_000);
    expect(here.api.eventsOf("starting").slice(-2)).toEqual([
      "Started: Container started",
      "Killing: Stopping container app",
    ]);
  });

  it.concurrent("follows readiness during the termination and stops asking for liveness", async () => {
    const probe = { exec: { command: ["/bin/sh", "-c", "test -e /tmp/ok"] }, periodSeconds: 1 };
    const script =
      "touch /tmp/ok; trap 'rm /tmp/ok; sleep 3; exit 0' TERM; while :; do sleep 0.02; done";
    const container = shell(script, { readinessProbe: { ...probe, failureThreshold: 1 } });
    await run("unready", { containers: [{ ...container, livenessProbe: probe }] });
    const removed = remove("unready", 10);
    const pod = await here.api.untilPod("unready", (pod) => !isReady(pod));
    expect(pod?.status).toMatchObject({ phase: "Running" });
    expect(pod?.metadata.deletionTimestamp).toBeDefined();
    await removed;
    const unhealthy = here.api.eventsOf("unready").filter((event) => event.startsWith("Unhealthy"));
    expect(new Set(unhealthy)).toEqual(new Set(["Unhealthy: Readiness probe failed: "]));
  });

  it("fails a pod whose containers never started", async () => {
    const containers = [{ name: "app", image: "unknown:1" }];
    await here.api.createPod("unborn", { containers });
    await here.api.untilPod("unborn", (pod) => pod?.status.startTime !== undefined);
    expect(await remove("unborn", 5)).toMatchObject({ exits: {} });
    const last = here.api.history.findLast(({ object }) => object.metadata.name === "unborn");
    const removed = last?.object as Pod | undefined; // nothing else has that name
    expect(removed?.status.phase).toBe("Failed");
    expect(exitsOf(removed)).toEqual({ app: "137 ContainerStatusUnknown" });
  });
});

const readyWhenServing = { readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } };
