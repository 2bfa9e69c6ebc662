import { describe, expect, it } from "vitest";
import {
  aDeployment,
  aReplicaSet,
  NOW_MS,
  secondsAgo,
} from "#embedded/controllers/testing/builders.ts";
import { deadlineCheck, progressCondition, withProgress } from "./deployment-progress.ts";
import type { DeploymentStatus } from "./deployment-status.ts";
import type { Rollout } from "./rollout.ts";

const created = (age: number) => ({
  ...progressCondition("True", "NewReplicaSetCreated", "Created", NOW_MS - age * 1000),
});
const rollout = (status: DeploymentStatus): Rollout => ({
  deployment: { ...aDeployment(), status },
  newest: aReplicaSet("web-new", { replicas: 1 }),
  old: [],
});
const rolling: DeploymentStatus = {
  observedGeneration: 1,
  replicas: 4,
  updatedReplicas: 1,
  readyReplicas: 3,
  availableReplicas: 3,
};

describe("withProgress", () => {
  it("counts each step as news and keeps the date of the first", () => {
    const before = { ...rolling, conditions: [created(20)] };
    const after = { ...before, availableReplicas: 4 };
    expect(withProgress(rollout(before), after, NOW_MS)).toEqual([
      {
        type: "Progressing",
        status: "True",
        reason: "ReplicaSetUpdated",
        message: 'ReplicaSet "web-new" is progressing.',
        lastUpdateTime: secondsAgo(0),
        lastTransitionTime: secondsAgo(20),
      },
    ]);
  });

  it("tells success when every pod is new and available", () => {
    const before = { ...rolling, conditions: [created(20)] };
    const after = { ...before, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
    expect(withProgress(rollout(before), after, NOW_MS)).toMatchObject([
      {
        reason: "NewReplicaSetAvailable",
        message: 'ReplicaSet "web-new" has successfully progressed.',
      },
    ]);
  });

  it("tells that the deadline has passed when nothing moved for so long", () => {
    const stuck = { ...rolling, conditions: [created(601)] };
    expect(withProgress(rollout(stuck), stuck, NOW_MS)).toMatchObject([
      {
        status: "False",
        reason: "ProgressDeadlineExceeded",
        message: 'ReplicaSet "web-new" has timed out progressing.',
      },
    ]);
  });

  it("says nothing new before the deadline", () => {
    const waiting = { ...rolling, conditions: [created(599)] };
    expect(withProgress(rollout(waiting), waiting, NOW_MS)).toEqual(waiting.conditions);
  });

  it("does not call a finished rollout late when a pod dies later", () => {
    const done = progressCondition("True", "NewReplicaSetAvailable", "done", NOW_MS - 9_000_000);
    const status = {
      ...rolling,
      replicas: 3,
      updatedReplicas: 3,
      availableReplicas: 2,
      conditions: [done],
    };
    expect(withProgress(rollout(status), status, NOW_MS)).toEqual([done]);
  });
});

describe("deadlineCheck", () => {
  it("looks again just after the deadline", () => {
    const waiting = { ...rolling, conditions: [created(100)] };
    expect(deadlineCheck(aDeployment(), waiting, NOW_MS)).toEqual({ afterMs: 501_000 });
  });

  it("does not look again once the deadline has been missed", () => {
    const late = progressCondition("False", "ProgressDeadlineExceeded", "late", NOW_MS);
    expect(
      deadlineCheck(aDeployment(), { ...rolling, conditions: [late] }, NOW_MS),
    ).toBeUndefined();
  });
});
