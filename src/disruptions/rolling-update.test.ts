import { beforeEach, describe, expect, it } from "vitest";
import type { Observation } from "#domain/observation.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { UndoLog } from "#ports/undo-log.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { performDisruption } from "./perform-disruption.ts";
import {
  A_DEPLOYMENT,
  aCluster,
  anUndoLog,
  aReadyPod,
  endpointsAt,
  podAt,
  settledAt,
  WEB,
} from "./testing/a-cluster.ts";
import { aContext } from "./testing/a-context.ts";
import { Recording, recorded } from "./testing/recording.ts";
import { storedObjects } from "./testing/stored-objects.ts";

describe("rolling update", () => {
  let patches: readonly object[];
  let cluster: Cluster;
  let undo: UndoLog;

  beforeEach(() => {
    const stored = storedObjects(A_DEPLOYMENT, { ...A_DEPLOYMENT, kind: "StatefulSet" });
    cluster = aCluster(stored.operations);
    ({ patches } = stored);
    undo = anUndoLog();
  });

  function contextOf(recording: Recording, deadlineMs = 60_000): DisruptionContext {
    return aContext(recording, cluster, { deadlineMs, undo });
  }

  it("lasts until the last old pod is gone, long after kubectl calls it rolled out", async () => {
    const observations = recorded("rollout-restart-surge1");
    const recording = new Recording(observations);
    await performDisruption({ type: "rolling-update", workload: WEB }, contextOf(recording));
    const deletions = observations.filter((o) => o.type === "pod" && o.change === "deleted");
    expect(deletions).toHaveLength(3);
    expect(recording.nowMs()).toBeGreaterThanOrEqual(deletions.at(-1)?.atMs ?? Number.NaN);
    expect(recording.nowMs()).toBeGreaterThan(3_951); // `kubectl rollout status` returned here
  });

  it("waits for a StatefulSet whose pods keep their names", async () => {
    const observations = recorded("statefulset-rolling");
    const recording = new Recording(observations);
    const workload = { ...WEB, kind: "StatefulSet" } as const;
    await performDisruption({ type: "rolling-update", workload }, contextOf(recording));
    const names = [...recording.view.pods.values()].map(({ name }) => name);
    expect(names.toSorted()).toEqual(["web-0", "web-1", "web-2"]);
    expect(recording.view.workload?.revision).not.toBe(
      observations.find((o) => o.type === "workload")?.workload.revision,
    );
  });

  it("changes the template in a way that no other update of this or another run does", async () => {
    const recording = new Recording(recorded("rollout-restart-surge1"));
    await performDisruption({ type: "rolling-update", workload: WEB }, contextOf(recording));
    expect(patches).toEqual([
      {
        spec: {
          template: { metadata: { annotations: { "lastcall.dev/restarted-at": "r1+0ms" } } },
        },
      },
    ]);
    expect(recording.received).toEqual([
      {
        type: "action",
        atMs: 0,
        answeredAtMs: 0,
        verb: "patch",
        object: "deployment/web",
        result: "accepted as generation 2",
      },
    ]);
  });

  it("tells how far it came, which pod stands in the way, and what the kubelet says", async () => {
    const recording = new Recording(recorded("rollout-then-undo"));
    const update = performDisruption(
      { type: "rolling-update", workload: WEB },
      contextOf(recording, 1_000),
    );
    await expect(update).rejects.toMatchObject({
      code: "ROLLOUT_STUCK",
      message: expect.stringMatching(
        /^The rolling update of Deployment shop\/web was not complete after 1 s: 2 of 2 pods available, 1 updated \(pods: 2 ready, 1 not ready\); old pods left: web-\S+, web-\S+; pod web-\S+: container app is running; Unhealthy: "Readiness probe failed: Get .*: connection refused"\.$/,
      ),
      hint: expect.stringMatching(/probe/),
    });
  });

  it("does not believe the controller before it has seen the old pods go", async () => {
    const before = [podAt(-1, aReadyPod("old")), endpointsAt(-1, "old"), settledAt(-1, 1)];
    const recording = new Recording([...before, settledAt(5, 1, 2)]);
    const update = performDisruption(
      { type: "rolling-update", workload: WEB },
      contextOf(recording),
    );
    await expect(update).rejects.toMatchObject({
      code: "ROLLOUT_STUCK",
      message: expect.stringContaining("old pods left: old"),
    });
  });

  it("is not done with pods of the old template in place of the old pods", async () => {
    const before = [podAt(-1, aReadyPod("old")), endpointsAt(-1, "old"), settledAt(-1, 1)];
    const { workload } = settledAt(9, 1, 2) as Extract<Observation, { type: "workload" }>; // by its builder
    const after = [
      { type: "pod", atMs: 5, change: "deleted", pod: aReadyPod("old") },
      podAt(6, aReadyPod("young")),
      endpointsAt(7, "young"),
      { type: "workload", atMs: 9, workload: { ...workload, updated: 0 } },
    ] as const;
    const update = performDisruption(
      { type: "rolling-update", workload: WEB },
      contextOf(new Recording([...before, ...after])),
    );
    await expect(update).rejects.toMatchObject({ code: "ROLLOUT_STUCK" });
  });

  it("is not kept waiting by the remains of a pod that has failed", async () => {
    const evicted = aReadyPod("evicted", { phase: "Failed", ready: false });
    const before = [podAt(-1, evicted), podAt(-1, aReadyPod("old")), endpointsAt(-1, "old")];
    const recording = new Recording([
      ...before,
      settledAt(-1, 1),
      { type: "pod", atMs: 5, change: "deleted", pod: aReadyPod("old") },
      podAt(6, aReadyPod("new")),
      endpointsAt(7, "new"),
      settledAt(8, 1, 2),
    ]);
    await performDisruption({ type: "rolling-update", workload: WEB }, contextOf(recording));
    expect(recording.nowMs()).toBe(8);
  });

  it("records a refusal before it passes it on", async () => {
    const recording = new Recording(recorded("rollout-restart-surge1"));
    const { operations } = storedObjects(A_DEPLOYMENT);
    const refusing = aCluster({
      ...operations,
      patchObject: async (ref, patch, signal) => {
        if (patch.dryRun !== true) throw new Error("forbidden");
        return await operations.patchObject(ref, patch, signal);
      },
    });
    const context = { ...contextOf(recording), cluster: refusing };
    await expect(
      performDisruption({ type: "rolling-update", workload: WEB }, context),
    ).rejects.toThrow("forbidden");
    expect(recording.received).toMatchObject([{ type: "action", result: "forbidden" }]);
  });
});
