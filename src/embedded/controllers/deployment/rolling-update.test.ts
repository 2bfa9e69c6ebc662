import { describe, expect, it } from "vitest";
import type { Deployment, ReplicaSet } from "#embedded/api/objects.ts";
import { aDeployment, aReplicaSet } from "#embedded/controllers/testing/builders.ts";
import { newReplicas, oldScaleDowns } from "./rolling-update.ts";
import type { Rollout } from "./rollout.ts";
import { rolloutLimits } from "./rollout-limits.ts";

const rolling = (replicas: number, maxSurge: number | string, maxUnavailable: number | string) =>
  aDeployment({ replicas, strategy: { rollingUpdate: { maxSurge, maxUnavailable } } });

const aRollout = (
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  ...old: ReplicaSet[]
): Rollout => ({ deployment, newest, old });

describe("rolloutLimits", () => {
  it.each([
    [1, 1, 0],
    [2, 1, 0],
    [3, 1, 0],
    [4, 1, 1],
    [10, 3, 2],
  ])(
    "rounds the default quarter of %i up to a surge of %i and down to %i missing",
    (replicas, maxSurge, maxUnavailable) => {
      expect(rolloutLimits(aDeployment({ replicas }))).toEqual({
        replicas,
        maxSurge,
        maxUnavailable,
      });
    },
  );

  it("lets one pod be missing when nothing else would be allowed", () => {
    expect(rolloutLimits(rolling(3, 0, 0))).toMatchObject({ maxSurge: 0, maxUnavailable: 1 });
  });

  it("lets no more be missing than there are", () => {
    expect(rolloutLimits(rolling(2, 0, 5)).maxUnavailable).toBe(2);
  });
});

describe("newReplicas", () => {
  it("starts with as many as the surge leaves room for", () => {
    expect(
      newReplicas(
        aRollout(rolling(10, "25%", "25%"), undefined, aReplicaSet("old", { replicas: 10 })),
      ),
    ).toBe(3);
  });

  it("grows by what the old ReplicaSets gave up, and not beyond the wish", () => {
    const old = aReplicaSet("old", { replicas: 1 });
    const newest = aReplicaSet("new", { replicas: 2 });
    expect(newReplicas(aRollout(rolling(3, 1, 0), newest, old))).toBe(3);
  });

  it("stays when there is no room", () => {
    const old = aReplicaSet("old", { replicas: 3 });
    const newest = aReplicaSet("new", { replicas: 1 });
    expect(newReplicas(aRollout(rolling(3, 1, 0), newest, old))).toBe(1);
  });

  it("takes everything at once under Recreate", () => {
    const deployment = aDeployment({ replicas: 3, strategy: { type: "Recreate" } });
    expect(newReplicas(aRollout(deployment, undefined))).toBe(3);
  });
});

describe("oldScaleDowns", () => {
  const sizes = (rollout: Rollout) =>
    oldScaleDowns(rollout).map(({ replicaSet, replicas }) => [replicaSet.metadata.name, replicas]);

  it("takes away as many available pods as may be missing", () => {
    const old = aReplicaSet("old", { replicas: 10 });
    const newest = aReplicaSet("new", { replicas: 3, available: 0 });
    expect(sizes(aRollout(rolling(10, "25%", "25%"), newest, old))).toEqual([["old", 8]]);
  });

  it("waits while new pods are not available", () => {
    const old = aReplicaSet("old", { replicas: 3 });
    const newest = aReplicaSet("new", { replicas: 1, available: 0 });
    expect(sizes(aRollout(rolling(3, 1, 0), newest, old))).toEqual([]);
  });

  it("replaces one for each new pod that is available", () => {
    const old = aReplicaSet("old", { replicas: 3 });
    const newest = aReplicaSet("new", { replicas: 1 });
    expect(sizes(aRollout(rolling(3, 1, 0), newest, old))).toEqual([["old", 2]]);
  });

  it("takes away pods that are not available first, from the oldest ReplicaSet on", () => {
    const oldest = aReplicaSet("oldest", { replicas: 2, available: 0 });
    const old = aReplicaSet("old", { replicas: 3 });
    const newest = aReplicaSet("new", { replicas: 1, available: 0 });
    expect(sizes(aRollout(rolling(4, 2, 1), newest, oldest, old))).toEqual([["oldest", 0]]);
  });

  it("does not count on pods that were given up already and are still in the status", () => {
    const old = aReplicaSet("old", { replicas: 8, available: 10 });
    const newest = aReplicaSet("new", { replicas: 5, available: 1 });
    expect(sizes(aRollout(rolling(10, "25%", "25%"), newest, old))).toEqual([["old", 7]]);
  });

  it("goes on to available pods of the same ReplicaSet where its unavailable ones left off", () => {
    const old = aReplicaSet("old", { replicas: 4, available: 3 });
    const newest = aReplicaSet("new", { replicas: 1 });
    expect(sizes(aRollout(rolling(4, 1, 1), newest, old))).toEqual([
      ["old", 3],
      ["old", 2],
    ]);
  });
});
