import { describe, expect, it } from "vitest";
import { HarnessError } from "#domain/errors.ts";
import type { Observation } from "#domain/observation.ts";
import { awaitReady } from "./await-ready.ts";
import {
  aCluster,
  anUnreadyPod,
  aReadyPod,
  endpointsAt,
  podAt,
  settledAt,
  WEB,
  warningAt,
  workloadAt,
} from "./testing/a-cluster.ts";
import { Recording, recorded } from "./testing/recording.ts";

const DEADLINE_MS = 15_000;

describe("awaitReady", () => {
  interface Case {
    readonly generation?: number;
    readonly replicas?: number;
    readonly deadlineMs?: number;
    readonly exitsForgiven?: number;
    readonly log?: () => Promise<string>;
  }

  async function awaitIn(observations: readonly Observation[], facts: Case = {}): Promise<number> {
    const recording = new Recording(observations);
    await awaitReady({
      cluster: aCluster({
        readGeneration: async () => facts.generation ?? 1,
        readLogTail: facts.log ?? (async () => ""),
      }),
      observed: recording,
      workload: WEB,
      replicas: facts.replicas ?? 1,
      deadlineMs: facts.deadlineMs ?? DEADLINE_MS,
      exitsForgiven: facts.exitsForgiven,
      signal: new AbortController().signal,
    });
    return recording.nowMs();
  }

  it("returns at once when everything is ready and listed", async () => {
    expect(await awaitIn(recorded("scale-up-2-to-5"), { replicas: 2 })).toBe(0);
  });

  it("does not take the readiness of an older generation for that of the last one", async () => {
    const facts = { replicas: 5, generation: 2 };
    expect(await awaitIn(recorded("scale-up-2-to-5"), facts)).toBeGreaterThan(500);
  });

  it("waits for the Service to list the pods", async () => {
    const all = recorded("scale-up-2-to-5");
    const unlisted = all.filter(({ type }) => type !== "endpoint-slice");
    await expect(awaitIn(unlisted, { replicas: 2 })).rejects.toMatchObject({
      code: "WORKLOAD_NOT_READY",
      message: expect.stringMatching(/the Service lists 0 ready endpoint\(s\), and not web-/),
      hint: expect.stringContaining("selector"),
    });
  });

  it("names the pod, the probe that failed in the kubelet's words, and the end of its log", async () => {
    const facts = {
      generation: 2,
      replicas: 2,
      deadlineMs: 1_000,
      log: async () => "listening on 8080",
    };
    await expect(awaitIn(recorded("rollout-then-undo"), facts)).rejects.toMatchObject({
      code: "WORKLOAD_NOT_READY",
      message: expect.stringMatching(
        /did not become ready within 1 s: .*; pod web-\S+: container app is running; Unhealthy: "Readiness probe failed: Get .*: connection refused"\.$/,
      ),
      hint: expect.stringMatching(
        /^The last log lines of web-\S+:\n {2}listening on 8080\nMake the probe/,
      ),
    });
  });

  it("does not let a log that cannot be read hide what was found", async () => {
    const log = async () => {
      throw new HarnessError("FORBIDDEN", "no logs", { hint: "" });
    };
    const facts = { generation: 2, replicas: 2, deadlineMs: 1_000, log };
    await expect(awaitIn(recorded("rollout-then-undo"), facts)).rejects.toMatchObject({
      code: "WORKLOAD_NOT_READY",
    });
  });

  const beyondHope: readonly [string, Parameters<typeof anUnreadyPod>[0], RegExp, RegExp][] = [
    [
      "a program that is not there",
      {
        state: "terminated",
        reason: "StartError",
        exitCode: 128,
        message: 'exec: "serve": not found',
      },
      /container app is terminated \(StartError: exec: "serve": not found\), exit code 128/,
      /command/,
    ],
    [
      "the same while it backs off",
      { reason: "CrashLoopBackOff", previousExit: { exitCode: 128, reason: "StartError" } },
      /is waiting \(CrashLoopBackOff\), last exit code 128/,
      /command/,
    ],
    [
      "an image that is not there",
      { reason: "ImagePullBackOff", message: 'Back-off pulling image "shop:typo"' },
      /ImagePullBackOff: Back-off pulling image "shop:typo"/,
      /image/,
    ],
    [
      "a ConfigMap that is not there",
      { reason: "CreateContainerConfigError", message: 'configmap "shop" not found' },
      /configmap "shop" not found/,
      /ConfigMap/,
    ],
    [
      "a program that keeps ending",
      {
        reason: "CrashLoopBackOff",
        restartCount: 2,
        previousExit: { exitCode: 3, reason: "Error" },
      },
      /CrashLoopBackOff\), last exit code 3/,
      /ends by itself/,
    ],
  ];
  it.each(beyondHope)("gives up early on %s", async (_, container, message, hint) => {
    const failing = [workloadAt(0), podAt(400, anUnreadyPod(container))];
    const later = podAt(9_000, anUnreadyPod({ ...container, reason: "seen too late" }));
    await expect(awaitIn([...failing, later])).rejects.toMatchObject({
      code: "WORKLOAD_NOT_READY",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it("forgives two exits, which may be a race with what it depends on, and none where it is told so", async () => {
    const crashed = { reason: "CrashLoopBackOff", restartCount: 1 };
    const observations = [workloadAt(0), podAt(400, anUnreadyPod(crashed))];
    await expect(awaitIn(observations)).rejects.toMatchObject({
      message: expect.stringContaining("did not become ready within 15 s"),
    });
    const first = podAt(400, anUnreadyPod({ ...crashed, restartCount: 0 }));
    await expect(awaitIn([workloadAt(0), first], { exitsForgiven: 0 })).rejects.toMatchObject({
      message: expect.stringContaining("cannot become ready"),
    });
  });

  it("does not give up on a new revision because the old one is broken", async () => {
    const broken = anUnreadyPod(
      { reason: "CrashLoopBackOff", restartCount: 40 },
      { name: "old-1", uid: "uid-of-old-1" },
    );
    const gone = { type: "pod", atMs: 10, change: "deleted", pod: broken } as const;
    const observations = [podAt(-1, broken), gone, ...recorded("scale-up-2-to-5")];
    expect(await awaitIn(observations, { replicas: 2 })).toBe(10);
  });

  it("waits longer than the deadline while images are pulled, and gives the workload its time then", async () => {
    const observations = [
      workloadAt(0),
      podAt(1, anUnreadyPod({ reason: "ContainerCreating" })),
      podAt(300_000, anUnreadyPod({ state: "running" })),
      podAt(310_000, aReadyPod("web-1")),
      endpointsAt(310_000, "web-1"),
      settledAt(310_000, 1),
    ];
    expect(await awaitIn(observations)).toBe(310_000);
    const stuck = [...observations.slice(0, 3), podAt(316_000, aReadyPod("web-1"))];
    await expect(awaitIn(stuck)).rejects.toMatchObject({ code: "WORKLOAD_NOT_READY" });
  });

  it("says of a pod that is never created that it may be the image, not the probe", async () => {
    const observations = [workloadAt(0), podAt(1, anUnreadyPod({ reason: "ContainerCreating" }))];
    await expect(awaitIn(observations)).rejects.toMatchObject({
      hint: expect.stringContaining("pulls an image"),
    });
  });

  it("passes on what the scheduler says of a pod that fits nowhere", async () => {
    const pending = { ...anUnreadyPod({}), phase: "Pending", containers: [] };
    const words = "0/3 nodes are available: 3 Insufficient cpu.";
    const observations = [
      workloadAt(0),
      podAt(1, pending),
      warningAt(2, "pod/web-1", ["FailedScheduling", words]),
    ];
    await expect(awaitIn(observations)).rejects.toMatchObject({
      message: expect.stringMatching(/pod web-1: phase Pending; FailedScheduling: "0\/3 nodes/),
    });
  });

  it("prefers the reason of a crash to the remark that it backs off", async () => {
    const observations = [
      workloadAt(0),
      warningAt(1, "pod/web-1", ["Unhealthy", "Startup probe failed: refused"]),
      warningAt(2, "pod/web-1", ["BackOff", "Back-off restarting failed container"]),
      podAt(3, anUnreadyPod({ state: "running" })),
    ];
    await expect(awaitIn(observations)).rejects.toMatchObject({
      message: expect.stringContaining('Unhealthy: "Startup probe failed: refused"'),
    });
  });

  it("passes on what a controller says that cannot create pods", async () => {
    const observations = [
      workloadAt(0),
      warningAt(1, "replicaset/web-abc", ["FailedCreate", "exceeded quota"]),
    ];
    await expect(awaitIn(observations)).rejects.toMatchObject({
      message: expect.stringMatching(/\(no pods\); FailedCreate: "exceeded quota"\.$/),
    });
  });
});
