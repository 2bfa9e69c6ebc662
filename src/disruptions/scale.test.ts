import { beforeEach, describe, expect, it } from "vitest";
import { readyEndpoints } from "#domain/cluster-view.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { UndoLog } from "#ports/undo-log.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { performDisruption } from "./perform-disruption.ts";
import { A_DEPLOYMENT, aCluster, anUndoLog, WEB } from "./testing/a-cluster.ts";
import { aContext } from "./testing/a-context.ts";
import { Recording, recorded } from "./testing/recording.ts";
import { storedObjects } from "./testing/stored-objects.ts";

describe("scaling", () => {
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

  it("lasts until every new pod is an endpoint", async () => {
    const recording = new Recording(recorded("scale-up-2-to-5"));
    const disruption = { type: "scale", workload: WEB, replicas: 5 } as const;
    await performDisruption(disruption, contextOf(recording));
    expect(patches).toEqual([{ spec: { replicas: 5 } }]);
    expect(readyEndpoints(recording.view).size).toBe(5);
    expect(recording.received).toMatchObject([
      { type: "action", verb: "scale", object: "deployment/web", result: "to 5" },
    ]);
  });

  it("tells how far it came", async () => {
    const recording = new Recording(recorded("scale-up-2-to-5"));
    const disruption = { type: "scale", workload: WEB, replicas: 5 } as const;
    await expect(performDisruption(disruption, contextOf(recording, 500))).rejects.toMatchObject({
      code: "SCALE_STUCK",
      message: expect.stringMatching(/not at 5 replica\(s\) after 0.5 s: 2 of 5 pods available/),
    });
  });

  it("refuses a DaemonSet, which has one pod per node", async () => {
    const recording = new Recording([]);
    const workload = { ...WEB, kind: "DaemonSet" } as const;
    await expect(
      performDisruption({ type: "scale", workload, replicas: 5 }, contextOf(recording)),
    ).rejects.toMatchObject({ code: "CANNOT_SCALE" });
  });
});

describe("no disruption", () => {
  it("takes its time and does nothing", async () => {
    const recording = new Recording([]);
    const disruption = { type: "none", durationMs: 700 } as const;
    await performDisruption(disruption, aContext(recording, aCluster()));
    expect([recording.nowMs(), recording.received]).toEqual([700, []]);
  });
});
