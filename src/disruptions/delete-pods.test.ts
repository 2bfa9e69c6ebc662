import { describe, expect, it } from "vitest";
import type { Cluster } from "#ports/cluster.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { performDisruption } from "./perform-disruption.ts";
import { aCluster, aReadyPod, endpointsAt, podAt, settledAt, WEB } from "./testing/a-cluster.ts";
import { aContext } from "./testing/a-context.ts";
import { Recording, recorded } from "./testing/recording.ts";

describe("deletion of pods", () => {
  const NAME = "web-7cf5948b45-5m2j6"; // the pod that was deleted when this was recorded
  let calls: Parameters<Cluster["deletePod"]>[];
  const cluster = aCluster({
    deletePod: async (...call) => {
      calls.push(call);
      return "deleted";
    },
  });

  function contextOf(recording: Recording, deadlineMs = 60_000): DisruptionContext {
    calls = [];
    return aContext(recording, cluster, { deadlineMs });
  }

  it("lasts until the pod is gone and another is an endpoint in its place", async () => {
    const observations = recorded("pod-delete-prestop-sleep");
    const recording = new Recording(observations);
    await performDisruption({ type: "delete-pods", workload: WEB, count: 1 }, contextOf(recording));
    const gone = observations.find((o) => o.type === "pod" && o.change === "deleted");
    expect(recording.nowMs()).toBeGreaterThanOrEqual(gone?.atMs ?? Number.NaN);
    expect([...recording.view.pods.values()].map(({ name }) => name)).not.toContain(NAME);
  });

  it("leaves the grace period to the pod, and deletes it by its uid", async () => {
    const recording = new Recording(recorded("pod-delete-prestop-sleep"));
    await performDisruption({ type: "delete-pods", workload: WEB, count: 1 }, contextOf(recording));
    const uid = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const pod = { namespace: "shop", name: NAME, uid };
    expect(calls).toEqual([
      [{ ...pod, dryRun: true }, undefined, expect.any(AbortSignal)],
      [pod, undefined, expect.any(AbortSignal)],
    ]);
    expect(recording.received).toMatchObject([
      { type: "action", verb: "delete", object: `pod/${NAME}`, result: "deleted" },
    ]);
  });

  it("overrides the grace period where that is asked", async () => {
    const recording = new Recording(recorded("pod-delete-prestop-sleep"));
    const deletion = {
      type: "delete-pods",
      workload: WEB,
      count: 1,
      gracePeriodSeconds: 0,
    } as const;
    await performDisruption(deletion, contextOf(recording));
    expect(calls.map((call) => call[1])).toEqual([0, 0]);
  });

  it("touches no pod when the server would refuse one of them", async () => {
    const pods = ["web-1", "web-2"];
    const recording = new Recording([
      ...pods.map((name) => podAt(-1, aReadyPod(name))),
      endpointsAt(-1, ...pods),
      settledAt(-1, 2),
    ]);
    const asked: string[] = [];
    const refusing = aCluster({
      deletePod: async ({ name, dryRun }) => {
        asked.push(`${name} ${dryRun}`);
        if (name === "web-2") throw new Error("a webhook denied the request");
        return "deleted";
      },
    });
    const deletion = { type: "delete-pods", workload: WEB, count: 2 } as const;
    await expect(performDisruption(deletion, aContext(recording, refusing))).rejects.toThrow(
      "a webhook denied the request",
    );
    expect(asked).toEqual(["web-1 true", "web-2 true"]);
    expect(recording.received).toEqual([]);
  });

  it("waits for the replacement when that takes longer than the leaving", async () => {
    const before = [podAt(-1, aReadyPod("web-1")), endpointsAt(-1, "web-1"), settledAt(-1, 1)];
    const recording = new Recording([
      ...before,
      { type: "pod", atMs: 5, change: "deleted", pod: aReadyPod("web-1") },
      podAt(70, aReadyPod("web-2")),
      endpointsAt(80, "web-2"),
    ]);
    await performDisruption({ type: "delete-pods", workload: WEB, count: 1 }, contextOf(recording));
    expect(recording.nowMs()).toBe(80);
  });

  it("deletes as many as were asked for", async () => {
    const recording = new Recording(recorded("pod-delete-prestop-sleep"));
    const deletion = { type: "delete-pods", workload: WEB, count: 3 } as const;
    await performDisruption(deletion, contextOf(recording)).catch(() => undefined);
    expect(calls.filter(([pod]) => pod.dryRun !== true)).toHaveLength(3);
  });

  it.each([4, 0])("refuses to delete %d of 3 ready pods", async (count) => {
    const recording = new Recording(recorded("pod-delete-prestop-sleep"));
    const deletion = { type: "delete-pods", workload: WEB, count } as const;
    await expect(performDisruption(deletion, contextOf(recording))).rejects.toMatchObject({
      code: "NO_TARGET",
      hint: expect.stringContaining(`${NAME} (ready)`),
    });
    expect(calls).toEqual([]);
  });

  it("refuses to take more away at once than is allowed, and says how to allow it", async () => {
    const recording = new Recording(recorded("pod-delete-prestop-sleep"));
    const deletion = { type: "delete-pods", workload: WEB, count: 2 } as const;
    const context = { ...contextOf(recording), maxDisruptedRatio: 0.5 };
    await expect(performDisruption(deletion, context)).rejects.toMatchObject({
      code: "TOO_MANY_AT_ONCE",
      message: expect.stringContaining("2 of 3 ready pods"),
      hint: expect.stringContaining("maxDisrupted: 67%"),
    });
    expect(calls).toEqual([]);
  });

  it("tells which pod would not go", async () => {
    const recording = new Recording(recorded("pod-delete-prestop-sleep"));
    const deletion = { type: "delete-pods", workload: WEB, count: 1 } as const;
    await expect(performDisruption(deletion, contextOf(recording, 3_000))).rejects.toMatchObject({
      code: "PODS_NOT_REPLACED",
      message: expect.stringContaining(`still there: ${NAME}`),
    });
  });
});
