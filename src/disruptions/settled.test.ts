import { describe, expect, it } from "vitest";
import { EMPTY_VIEW, foldObservation } from "#domain/cluster-view.ts";
import type { Observation } from "#domain/observation.ts";
import { isSettled } from "./settled.ts";
import { aReadyPod, endpointsAt, podAt, settledAt } from "./testing/a-cluster.ts";

describe("isSettled", () => {
  const viewOf = (...more: readonly Observation[]) =>
    [
      settledAt(0, 2),
      podAt(0, aReadyPod("web-1")),
      podAt(0, aReadyPod("web-2")),
      endpointsAt(0, "web-1", "web-2"),
      ...more,
    ].reduce(foldObservation, EMPTY_VIEW);
  const goal = { generation: 1 };

  it("holds when all pods are available and listed", () => {
    expect(isSettled(viewOf(), goal)).toBe(true);
  });

  it("ignores the remains of a pod that has failed", () => {
    const remains = podAt(1, aReadyPod("web-0", { phase: "Failed", ready: false }));
    expect(isSettled(viewOf(remains), goal)).toBe(true);
  });

  const reasons: readonly [string, Observation][] = [
    ["the controller says that a pod is not available", unavailable()],
    ["a pod says that it is not ready", podAt(1, aReadyPod("web-1", { ready: false }))],
    ["there is a pod too many", podAt(1, aReadyPod("web-3", { ready: false }))],
    ["a pod is on its way out", podAt(1, aReadyPod("web-3", { deletionTimestamp: "now" }))],
    ["a pod is not listed", endpointsAt(1, "web-1")],
    ["the workload wants more", settledAt(1, 3)],
  ];
  it.each(reasons)("does not hold while %s", (_, observation) => {
    expect(isSettled(viewOf(observation), goal)).toBe(false);
  });

  it("does not hold for a generation that the controller has not seen", () => {
    expect(isSettled(viewOf(), { generation: 2 })).toBe(false);
  });

  it("does not hold for another number of replicas than is wanted", () => {
    expect(isSettled(viewOf(), { generation: 1, replicas: 3 })).toBe(false);
  });

  it("does not hold for a workload that nobody has seen", () => {
    expect(isSettled(EMPTY_VIEW, { generation: 0 })).toBe(false);
  });

  function unavailable(): Observation {
    const { workload } = settledAt(1, 2) as Extract<Observation, { type: "workload" }>; // by its builder
    return { type: "workload", atMs: 1, workload: { ...workload, available: 1 } };
  }
});
