import { describe, expect, it } from "vitest";
import { aDeployment, aReplicaSet } from "#embedded/controllers/testing/builders.ts";
import { scaledSizes, wasScaled } from "./proportional-scaling.ts";
import { DESIRED_REPLICAS, MAX_REPLICAS } from "./replica-set-annotations.ts";
import type { Rollout } from "./rollout.ts";

const sizedFor = (desired: number, max: number) => ({
  [DESIRED_REPLICAS]: String(desired),
  [MAX_REPLICAS]: String(max),
});
const sizes = (rollout: Rollout) =>
  Object.fromEntries(
    scaledSizes(rollout).map(({ replicaSet, replicas }) => [replicaSet.metadata.name, replicas]),
  );

describe("wasScaled", () => {
  const rollout = (replicas: number): Rollout => ({
    deployment: aDeployment({ replicas }),
    newest: aReplicaSet("new", { replicas: 2, annotations: sizedFor(3, 4) }),
    old: [aReplicaSet("empty", { replicas: 0, annotations: sizedFor(9, 9) })],
  });

  it("is true when the ReplicaSets were told another number", () => {
    expect(wasScaled(rollout(5))).toBe(true);
  });

  it("is false during a rollout, whatever an empty ReplicaSet was told long ago", () => {
    expect(wasScaled(rollout(3))).toBe(false);
  });
});

describe("scaledSizes", () => {
  it("gives all to the only ReplicaSet that has pods", () => {
    const newest = aReplicaSet("new", { replicas: 2 });
    const old = [aReplicaSet("old", { replicas: 0 })];
    expect(sizes({ deployment: aDeployment({ replicas: 5 }), newest, old })).toEqual({ new: 5 });
  });

  it("shares out a growth in the middle of a rollout, and the rest to the largest", () => {
    const annotations = sizedFor(10, 13);
    const deployment = aDeployment({
      replicas: 15,
      strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
    });
    const old = [aReplicaSet("old", { replicas: 8, annotations, age: 90 })];
    const newest = aReplicaSet("new", { replicas: 5, annotations });
    expect(sizes({ deployment, newest, old })).toEqual({ old: 11, new: 7 });
  });

  it("shares out a shrinkage too", () => {
    const annotations = sizedFor(10, 13);
    const deployment = aDeployment({
      replicas: 5,
      strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } },
    });
    const old = [aReplicaSet("old", { replicas: 8, annotations, age: 90 })];
    const newest = aReplicaSet("new", { replicas: 5, annotations });
    expect(sizes({ deployment, newest, old })).toEqual({ old: 5, new: 3 });
  });

  it("empties the old ones when the new one has all that is wanted", () => {
    const newest = aReplicaSet("new", { replicas: 3, annotations: sizedFor(3, 4) });
    const old = [aReplicaSet("old", { replicas: 1, annotations: sizedFor(3, 4) })];
    expect(sizes({ deployment: aDeployment({ replicas: 3 }), newest, old })).toEqual({ old: 0 });
  });
});
