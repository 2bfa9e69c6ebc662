import { describe, expect, it } from "vitest";
import type { ContainerSetup, Observation } from "#domain/observation.ts";
import { aPod, leaving, seen } from "#test/support/builders.ts";
import { podLanes } from "./pod-lanes.ts";
import { rebuildTerminations } from "./rebuild-terminations.ts";

describe("podLanes", () => {
  const observations = leaving();
  const terminations = rebuildTerminations(observations);

  it("draws each pod's life and its entries in the EndpointSlices", () => {
    const [leaver, stayer] = podLanes(observations, terminations);
    expect(leaver).toEqual({
      pod: "web-1",
      uid: "uid-web-1",
      node: "node-1",
      revision: "old",
      createdAtMs: 0,
      startedAtMs: 0,
      readyAtMs: 0,
      endpoint: [
        { atMs: 10, state: "ready" },
        { atMs: 4_020, state: "terminating" },
        { atMs: 5_910, state: "absent" },
      ],
      termination: terminations[0],
      sigtermAtMs: 4_000,
    });
    expect(stayer).not.toHaveProperty("termination");
  });

  it("infers SIGTERM after the preStop sleep, and none when the pod exited before it", () => {
    const [termination] = terminations;
    if (termination === undefined) throw new Error("the builder changed");
    const lane = (preStopSleepSeconds: number) =>
      podLanes(observations, [{ ...termination, preStopSleepSeconds }])[0]?.sigtermAtMs;
    expect(lane(1)).toBe(5_000);
    expect(lane(2)).toBeUndefined();
  });

  it("infers SIGTERM at the end of the grace period when the preStop sleep outlives it", () => {
    const [termination] = terminations;
    if (termination === undefined) throw new Error("the builder changed");
    const lane = (gracePeriodSeconds: number) =>
      podLanes(observations, [
        { ...termination, preStopSleepSeconds: 5, gracePeriodSeconds, exitedAtMs: 9_500 },
      ])[0]?.sigtermAtMs;
    expect(lane(3)).toBe(7_000);
    expect(lane(0)).toBe(5_000); // a forced deletion: the kubelet gives a second
  });

  const running = { name: "app", ready: true, restartCount: 0, state: "running" } as const;
  const withSetup = (setup: ContainerSetup) =>
    observations.map((observation) =>
      observation.type === "pod"
        ? { ...observation, pod: { ...observation.pod, containers: [{ ...running, setup }] } }
        : observation,
    );

  it("does not guess when SIGTERM came after a hook that is no sleep", () => {
    const setup = { sidecar: false, preStop: { type: "exec" } } as const;
    const [lane] = podLanes(withSetup(setup), terminations);
    expect(lane).not.toHaveProperty("sigtermAtMs");
    expect(lane?.setup).toEqual({ graceSeconds: 10, containers: [{ name: "app", ...setup }] });
  });

  it("keeps when a leaving pod's probe noticed, but not the end of its containers", () => {
    const noticed = seen(4_700, aPod({ deletionTimestamp: "t", ready: false }));
    const noticing = [...observations.slice(0, 5), noticed, ...observations.slice(5)];
    expect(podLanes(noticing, terminations)[0]?.notReadyAtMs).toBe(4_700);
    expect(podLanes(observations, terminations)[0]).not.toHaveProperty("notReadyAtMs");
  });

  it("keeps each kind of warning once, with its first and last moment", () => {
    const warning = (atMs: number, port: number): Observation => ({
      type: "event",
      atMs,
      about: "pod/web-1",
      severity: "Warning",
      reason: "Unhealthy",
      message: `Readiness probe failed: read tcp 10.0.0.1:${port}`,
    });
    const [lane] = podLanes([...observations, warning(50, 4001), warning(90, 4002)], terminations);
    expect(lane?.warnings).toEqual([
      {
        reason: "Unhealthy",
        message: "Readiness probe failed: read tcp 10.0.0.1:4001",
        firstAtMs: 50,
        lastAtMs: 90,
      },
    ]);
  });

  it("keeps each restart under watch, and how the previous incarnation had ended", () => {
    const at = (atMs: number, restartCount: number) => {
      const previousExit = { exitCode: 137, reason: "OOMKilled" };
      return seen(atMs, aPod({ containers: [{ ...running, restartCount, previousExit }] }));
    };
    const [lane] = podLanes([at(100, 2), at(7_000, 2), at(8_000, 3), at(8_100, 3)], []);
    expect(lane?.restarts).toEqual([
      { container: "app", atMs: 8_000, exitCode: 137, reason: "OOMKilled" },
    ]);
  });
});
