import { describe, expect, it } from "vitest";
import type { Pod } from "#embedded/api/objects.ts";
import { isReady } from "#embedded/controllers/pods/pod-state.ts";
import { aMeta, aNode, aPod, secondsAgo } from "#embedded/controllers/testing/builders.ts";
import type { DaemonSet } from "./daemon-set.ts";
import { nodeDuty } from "./node-duty.ts";
import { placementPlan } from "./placement-plan.ts";
import { rollingPlan } from "./rolling-plan.ts";

const isUpdated = ({ metadata }: Pod) => metadata.labels?.["v"] === "new";
const judge = { isUpdated, isAvailable: isReady };
const leaving = { deletionTimestamp: secondsAgo(-10) };
const fresh = (name: string, ready = true) =>
  aPod(name, { metadata: { labels: { v: "new" } }, ready });
const old = (name: string, ready = true) =>
  aPod(name, { metadata: { labels: { v: "old" } }, ready });
const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);

describe("rollingPlan", () => {
  const plan = (limits: { maxUnavailable: number; maxSurge: number }, ...pods: Pod[][]) => {
    const nodes = pods.map((ofNode, index) => ({ node: `node-${index}`, pods: ofNode }));
    const { deletePods, surgeOn } = rollingPlan(nodes, limits, judge);
    return [...names(deletePods), ...surgeOn];
  };
  const oneMissing = { maxUnavailable: 1, maxSurge: 0 };

  it("replaces as many as may be missing", () => {
    expect(plan(oneMissing, [old("a")], [old("b")], [old("c")])).toEqual(["a"]);
    expect(plan({ maxUnavailable: 2, maxSurge: 0 }, [old("a")], [old("b")], [old("c")])).toEqual([
      "a",
      "b",
    ]);
  });

  it("waits while a node has no available pod", () => {
    expect(plan(oneMissing, [aPod("a", { metadata: leaving })], [old("b")])).toEqual([]);
    expect(plan(oneMissing, [], [old("b")])).toEqual([]);
    expect(plan(oneMissing, [fresh("a", false)], [old("b")])).toEqual([]);
    expect(plan(oneMissing, [fresh("a")], [old("b")])).toEqual(["b"]);
  });

  it("replaces an old pod that is not available whatever else is missing", () => {
    expect(plan(oneMissing, [fresh("a", false)], [old("b", false)], [old("c")])).toEqual(["b"]);
  });

  it("adds a new pod first when it may surge, and takes the old one when that is available", () => {
    const oneMore = { maxUnavailable: 0, maxSurge: 1 };
    expect(plan(oneMore, [old("a")], [old("b")])).toEqual(["node-0"]);
    expect(plan(oneMore, [old("a"), fresh("a2", false)], [old("b")])).toEqual([]);
    expect(plan(oneMore, [old("a"), fresh("a2")], [old("b")])).toEqual(["a", "node-1"]);
  });
});

describe("placementPlan", () => {
  const stays = { shouldRun: true, mayStay: true };
  const plan = (
    duty: { shouldRun: boolean; mayStay: boolean },
    surges: boolean,
    ...pods: Pod[]
  ) => {
    const plans = placementPlan([{ node: "n", duty, pods }], { isUpdated, surges });
    return [...plans.createOn, ...names(plans.deletePods), ...names(plans.failed)];
  };

  it("puts a pod where one is wanted and the place is free", () => {
    expect(plan(stays, false)).toEqual(["n"]);
    expect(plan(stays, false, aPod("a", { metadata: leaving }))).toEqual([]);
    expect(plan({ shouldRun: false, mayStay: true }, false)).toEqual([]);
  });

  it("takes away what may not stay, and duplicates", () => {
    expect(plan({ shouldRun: false, mayStay: false }, false, aPod("a"))).toEqual(["a"]);
    expect(plan({ shouldRun: false, mayStay: true }, false, aPod("a"))).toEqual([]);
    expect(plan(stays, false, old("a"), fresh("b"))).toEqual(["b"]);
    expect(plan(stays, true, old("a"), fresh("b"))).toEqual([]);
  });

  it("takes away a failed pod", () => {
    expect(plan(stays, false, aPod("a", { status: { phase: "Failed" } }))).toEqual(["a"]);
  });
});

describe("nodeDuty", () => {
  const daemonSet: DaemonSet = {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: aMeta("web"),
    spec: {
      selector: {},
      template: { metadata: {}, spec: { containers: [], nodeSelector: { disk: "ssd" } } },
    },
    status: {},
  };
  const node = (
    spec: ReturnType<typeof aNode>["spec"],
    labels: Record<string, string> = { disk: "ssd" },
  ) => {
    const made = aNode("n", { spec });
    return { ...made, metadata: { ...made.metadata, labels } };
  };

  it("goes by labels and taints, and lets a pod stay on a cordoned node", () => {
    expect(nodeDuty(daemonSet, node({}))).toEqual({ shouldRun: true, mayStay: true });
    expect(nodeDuty(daemonSet, node({ unschedulable: true }))).toEqual({
      shouldRun: true,
      mayStay: true,
    });
    expect(nodeDuty(daemonSet, node({}, {}))).toEqual({ shouldRun: false, mayStay: false });
    const taints = (effect: string) => node({ taints: [{ key: "gpu", effect }] });
    expect(nodeDuty(daemonSet, taints("NoSchedule"))).toEqual({ shouldRun: false, mayStay: true });
    expect(nodeDuty(daemonSet, taints("NoExecute"))).toEqual({ shouldRun: false, mayStay: false });
  });
});
