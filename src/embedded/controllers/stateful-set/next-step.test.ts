import { describe, expect, it } from "vitest";
import type { Pod } from "#embedded/api/objects.ts";
import { isReady } from "#embedded/controllers/pods/pod-state.ts";
import { aMeta, aPod, secondsAgo } from "#embedded/controllers/testing/builders.ts";
import { nextSteps } from "./next-step.ts";
import type { StatefulSet } from "./stateful-set.ts";

const aSet = (over: Partial<StatefulSet["spec"]> = {}): StatefulSet => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: aMeta("web"),
  spec: {
    replicas: 3,
    selector: {},
    template: { metadata: {}, spec: { containers: [] } },
    ...over,
  },
  status: {},
});
const aMember = (
  ordinal: number,
  facts: { revision?: string; ready?: boolean; leaving?: boolean; phase?: "Failed" } = {},
) =>
  aPod(`web-${ordinal}`, {
    metadata: {
      labels: { "controller-revision-hash": facts.revision ?? "new" },
      ...(facts.leaving === true ? { deletionTimestamp: secondsAgo(-10) } : {}),
    },
    ready: facts.ready ?? true,
    ...(facts.phase === undefined ? {} : { status: { phase: facts.phase } }),
  });

const steps = (set: StatefulSet, ...pods: Pod[]) =>
  nextSteps({ set, pods, updateRevision: "new", isAvailable: isReady }).map((step) =>
    step.type === "create"
      ? `create ${step.ordinal} ${step.revision}`
      : `delete ${step.pod.metadata.name}`,
  );

describe("nextSteps", () => {
  it("creates the lowest missing pod once those below it are well", () => {
    expect(steps(aSet())).toEqual(["create 0 update"]);
    expect(steps(aSet(), aMember(0))).toEqual(["create 1 update"]);
    expect(steps(aSet(), aMember(0, { ready: false }))).toEqual([]);
    expect(steps(aSet(), aMember(1))).toEqual(["create 0 update"]);
  });

  it("creates all at once when it is Parallel", () => {
    expect(steps(aSet({ podManagementPolicy: "Parallel" }), aMember(1))).toEqual([
      "create 0 update",
      "create 2 update",
    ]);
  });

  it("waits for a name to be free, and frees it when its pod has failed", () => {
    expect(steps(aSet(), aMember(0, { leaving: true }))).toEqual([]);
    expect(steps(aSet(), aMember(0, { phase: "Failed" }))).toEqual(["delete web-0"]);
  });

  it("replaces the highest pod of another revision, one at a time", () => {
    const old = { revision: "old" };
    expect(steps(aSet(), aMember(0, old), aMember(1, old), aMember(2, old))).toEqual([
      "delete web-2",
    ]);
    expect(steps(aSet(), aMember(0, old), aMember(1, old), aMember(2))).toEqual(["delete web-1"]);
    expect(steps(aSet(), aMember(0, old), aMember(1, old), aMember(2, { ready: false }))).toEqual(
      [],
    );
    expect(
      steps(aSet(), aMember(0, old), aMember(1, old), aMember(2, { ...old, leaving: true })),
    ).toEqual([]);
  });

  it("leaves the pods below the partition at their revision, also when they are made anew", () => {
    const set = aSet({ updateStrategy: { rollingUpdate: { partition: 2 } } });
    const old = { revision: "old" };
    expect(steps(set, aMember(0, old), aMember(1, old), aMember(2))).toEqual([]);
    expect(steps(set, aMember(1, old), aMember(2))).toEqual(["create 0 current"]);
  });

  it("never replaces under OnDelete", () => {
    const set = aSet({ replicas: 1, updateStrategy: { type: "OnDelete" } });
    expect(steps(set, aMember(0, { revision: "old" }))).toEqual([]);
  });

  it("scales down from the highest, each after the one before is gone", () => {
    const set = aSet({ replicas: 1 });
    expect(steps(set, aMember(0), aMember(1), aMember(2))).toEqual(["delete web-2"]);
    expect(steps(set, aMember(0), aMember(1), aMember(2, { leaving: true }))).toEqual([]);
    expect(steps(set, aMember(0, { ready: false }), aMember(1), aMember(2))).toEqual([]);
  });

  it("takes those of a Parallel one up in batches of 1, 2, 4, …, the last of a batch first", () => {
    const set = aSet({ replicas: 7, podManagementPolicy: "Parallel" });
    const ordinals = (all: readonly string[]) =>
      all.map((step) => step.replace(/\D/g, "")).join("");
    expect(ordinals(steps(set))).toBe("0216345");
    const none = aSet({ replicas: 0, podManagementPolicy: "Parallel" });
    expect(ordinals(steps(none, aMember(0), aMember(1), aMember(2)))).toBe("201");
  });

  it("scales down all at once when it is Parallel", () => {
    const set = aSet({ replicas: 1, podManagementPolicy: "Parallel" });
    expect(steps(set, aMember(0), aMember(1), aMember(2))).toEqual([
      "delete web-2",
      "delete web-1",
    ]);
  });
});
