import { describe, expect, it } from "vitest";
import {
  countPodStates,
  EMPTY_VIEW,
  foldObservation,
  readyEndpoints,
  readyPods,
} from "./cluster-view.ts";
import type { EndpointSnapshot, Observation, PodSnapshot } from "./observation.ts";

const viewOf = (...observations: Observation[]) => observations.reduce(foldObservation, EMPTY_VIEW);

function aPod(name: string, fields: Partial<PodSnapshot> = {}): PodSnapshot {
  const phase = "Running";
  return {
    name,
    uid: name,
    phase,
    ready: true,
    terminationGracePeriodSeconds: 30,
    containers: [],
    ...fields,
  };
}

function pod(change: "added" | "modified" | "deleted", snapshot: PodSnapshot): Observation {
  return { type: "pod", atMs: 0, change, pod: snapshot };
}

function slice(name: string, ...endpoints: [string, boolean][]): Observation {
  const snapshots = endpoints.map(
    ([pod, ready]): EndpointSnapshot => ({
      address: pod,
      pod,
      ready,
      serving: true,
      terminating: !ready,
    }),
  );
  return {
    type: "endpoint-slice",
    atMs: 0,
    change: "modified",
    slice: name,
    service: "web",
    endpoints: snapshots,
  };
}

function warning(reason: string, message: string, about = "pod/web-1"): Observation {
  return { type: "event", atMs: 0, about, severity: "Warning", reason, message };
}

describe("the view of a cluster", () => {
  it("holds the last state of each pod that is still there", () => {
    const view = viewOf(
      pod("added", aPod("web-1", { ready: false })),
      pod("added", aPod("web-2")),
      pod("modified", aPod("web-1")),
      pod("deleted", aPod("web-2")),
    );
    expect([...view.pods.values()]).toEqual([aPod("web-1")]);
  });

  it("tells a pod from its predecessor of the same name", () => {
    const view = viewOf(
      pod("added", aPod("web-0", { uid: "new" })),
      pod("deleted", aPod("web-0", { uid: "old" })),
    );
    expect([...view.pods.keys()]).toEqual(["new"]);
  });

  it("does not count a leaving or ended pod as ready, whatever its condition says", () => {
    const view = viewOf(
      pod("added", aPod("stays")),
      pod("added", aPod("leaves", { deletionTimestamp: "2026-11-24T02:00:00Z" })),
      pod("added", aPod("ended", { phase: "Failed" })),
      pod("added", aPod("starts", { ready: false })),
    );
    expect(readyPods(view).map(({ name }) => name)).toEqual(["stays"]);
  });

  it("joins the ready endpoints of all slices, and forgets a deleted slice", () => {
    const both = [slice("a", ["web-1", true], ["web-2", false]), slice("b", ["web-3", true])];
    expect([...readyEndpoints(viewOf(...both))]).toEqual(["web-1", "web-3"]);
    const gone = { ...slice("b"), change: "deleted" } as Observation; // a slice in all else
    expect([...readyEndpoints(viewOf(...both, gone))]).toEqual(["web-1"]);
  });

  it("keeps the last warning of each reason about each object", () => {
    const view = viewOf(
      warning("Unhealthy", "first"),
      warning("Unhealthy", "of another", "pod/web-2"),
      { ...warning("Killing", "normal"), severity: "Normal" } as Observation, // an event in all else
      warning("BackOff", "again"),
      warning("Unhealthy", "last"),
    );
    expect(view.warnings.map(({ message }) => message)).toEqual(["of another", "again", "last"]);
  });

  it("keeps a bounded number of warnings, the newest", () => {
    const many = Array.from({ length: 150 }, (_, i) =>
      warning("Unhealthy", `${i}`, `pod/web-${i}`),
    );
    const { warnings } = viewOf(...many);
    expect([warnings.length, warnings.at(-1)?.message]).toEqual([100, "149"]);
  });

  it("counts pods by state", () => {
    const view = viewOf(
      pod("added", aPod("a")),
      pod("added", aPod("b")),
      pod("added", aPod("c", { ready: false, phase: "Pending" })),
      pod("added", aPod("d", { ready: false })),
      pod("added", aPod("e", { deletionTimestamp: "2026-11-24T02:00:00Z" })),
      pod("added", aPod("f", { phase: "Succeeded" })),
    );
    expect(countPodStates(view)).toEqual({
      ready: 2,
      pending: 1,
      "not ready": 1,
      terminating: 1,
      succeeded: 1,
    });
  });
});
