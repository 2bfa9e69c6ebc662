import { describe, expect, it } from "vitest";
import { aPod, endpointsAt, leaving, seen } from "#test/support/builders.ts";
import { rebuildTerminations } from "./rebuild-terminations.ts";

describe("rebuildTerminations", () => {
  it("rebuilds one pod's leaving from what the cluster said", () => {
    expect(rebuildTerminations(leaving())).toEqual([
      {
        pod: "web-1",
        uid: "uid-web-1",
        node: "node-1",
        ip: "10.0.0.1",
        revision: "old",
        deletionRequestedAtMs: 4_000,
        t0UncertaintyMs: 1_000,
        deletionSeenAtMs: 4_000,
        gracePeriodSeconds: 10,
        endpointNotReadyAtMs: 4_020,
        exitedAtMs: 5_900,
        exits: [{ container: "app", exitCode: 0, reason: "Completed", forced: false }],
        goneAtMs: 6_000,
      },
    ]);
  });

  it("takes the sending of our own delete for T0, and its answer for the uncertainty", () => {
    const own = {
      type: "action",
      atMs: 3_980,
      answeredAtMs: 3_995,
      verb: "delete",
      object: "pod/web-1",
      result: "deleted",
    } as const;
    expect(rebuildTerminations([own, ...leaving()])[0]).toMatchObject({
      deletionRequestedAtMs: 3_980,
      t0UncertaintyMs: 15,
    });
  });

  it("knows that no pod of a node was deleted before the taint that made it leave was sent", () => {
    const taint = (node: string, atMs: number) =>
      ({
        type: "action",
        verb: "taint",
        object: `node/${node}`,
        result: "k:NoExecute",
        atMs,
        answeredAtMs: atMs + 10,
      }) as const;
    const uncertainty = (node: string, atMs: number) =>
      rebuildTerminations([taint(node, atMs), ...leaving()])[0]?.t0UncertaintyMs;
    expect(uncertainty("node-1", 3_940)).toBe(60);
    expect(uncertainty("node-1", 2_000)).toBe(1_000);
    expect(uncertainty("node-2", 3_940)).toBe(1_000);
  });

  it("is as unsure of T0 as the watch was blind before it told of the deletion", () => {
    const gap = (resource: string, untilMs: number) =>
      ({ type: "watch-gap", atMs: 1_000, untilMs, resource, reason: "410" }) as const;
    const uncertainty = (resource: string, untilMs: number) =>
      rebuildTerminations([gap(resource, untilMs), ...leaving()])[0]?.t0UncertaintyMs;
    expect(uncertainty("pods", 3_990)).toBe(3_000);
    expect(uncertainty("pods", 3_000)).toBe(1_000);
    expect(uncertainty("events", 3_990)).toBe(1_000);
  });

  it("knows of a pod that vanished in a gap that it went, and nothing of its exit", () => {
    const running = aPod({ name: "web-1" });
    const [termination, ...others] = rebuildTerminations([
      seen(1_000, running, "added"),
      { type: "watch-gap", atMs: 2_000, untilMs: 9_000, resource: "pods", reason: "410" },
      seen(9_000, running, "deleted"),
    ]);
    expect(others).toEqual([]);
    expect(termination).toMatchObject({ t0UncertaintyMs: 7_000, exits: [], goneAtMs: 9_000 });
    expect(termination?.exitedAtMs).toBeUndefined();
  });

  it("takes an eviction that was allowed for a deletion of our own, and a refused one for nothing", () => {
    const own = (result: string) =>
      ({
        type: "action",
        atMs: 3_980,
        answeredAtMs: 3_995,
        verb: "evict",
        object: "pod/web-1",
        result,
      }) as const;
    const t0 = (result: string) =>
      rebuildTerminations([own(result), ...leaving()])[0]?.deletionRequestedAtMs;
    expect(t0("evicted")).toBe(3_980);
    expect(t0("refused by budget web: it allows none")).toBe(4_000);
  });

  it("knows T2 as far as the watch was seen to lag, and not before T0", () => {
    const own = (atMs: number) =>
      ({
        type: "action",
        atMs,
        answeredAtMs: atMs + 5,
        verb: "delete",
        object: "pod/web-1",
        result: "not yet",
      }) as const;
    const lag = (atMs: number) =>
      rebuildTerminations([own(atMs), ...leaving()])[0]?.t2UncertaintyMs;
    expect(lag(3_990)).toBe(10); // its echo, the pod's change, came at 4,000 ms
    expect(lag(3_900)).toBe(20); // T2 is 4,020 ms, and T0 4,000 ms
    expect(rebuildTerminations(leaving())[0]).not.toHaveProperty("t2UncertaintyMs");
  });

  it("accepts an EndpointSlice that arrived before the pod's own change", () => {
    const [first, second, slice, deleted, ...rest] = leaving();
    if (!first || !second || !slice || !deleted) throw new Error("the builder changed");
    const early = endpointsAt(3_990, { "web-1": "terminating", "web-2": "ready" });
    const termination = rebuildTerminations([first, second, slice, early, deleted, ...rest])[0];
    expect(termination?.endpointNotReadyAtMs).toBe(3_990);
  });

  it("keeps when each container stopped, in Kubernetes' own time", () => {
    const finishedAt = "2026-11-24T10:00:09Z";
    const state = { restartCount: 0, ready: false, state: "terminated", exitCode: 0 } as const;
    const exited = aPod({
      deletionTimestamp: "2026-11-24T10:00:14Z",
      containers: [{ name: "app", ...state, finishedAt }],
    });
    const [termination] = rebuildTerminations([...leaving().slice(0, 4), seen(5_000, exited)]);
    expect(termination?.exits).toEqual([
      { container: "app", exitCode: 0, forced: false, finishedAt },
    ]);
  });

  it("leaves open what was not seen", () => {
    const [termination] = rebuildTerminations(leaving().slice(0, 4));
    expect(termination).not.toHaveProperty("exitedAtMs");
    expect(termination).not.toHaveProperty("goneAtMs");
    expect(termination?.exits).toEqual([]);
  });

  it("tells two pods of the same name apart, as a StatefulSet replaces them", () => {
    const again = leaving().map((observation) =>
      observation.type === "pod"
        ? { ...observation, pod: { ...observation.pod, uid: `second-${observation.pod.uid}` } }
        : observation,
    );
    expect(rebuildTerminations([...leaving(), ...again])).toHaveLength(2);
  });

  it("takes a pod that is simply gone for one that was deleted, with no grace", () => {
    const [termination] = rebuildTerminations([
      seen(0, aPod(), "added"),
      seen(4_000, aPod(), "deleted"),
    ]);
    expect(termination).toMatchObject({
      deletionRequestedAtMs: 4_000,
      gracePeriodSeconds: 0,
      goneAtMs: 4_000,
    });
  });

  it("knows when a pod's address never left the Service's list", () => {
    const stale = leaving().map((observation) =>
      observation.type === "endpoint-slice" ? endpointsAt(10, { "web-1": "ready" }) : observation,
    );
    expect(rebuildTerminations(stale)[0]?.neverDelisted).toBe(true);
    expect(rebuildTerminations(leaving())[0]).not.toHaveProperty("neverDelisted");
  });

  it("knows when a terminating pod was listed as ready, because its Service publishes all", () => {
    const published = leaving().map((observation) =>
      observation.type === "endpoint-slice"
        ? {
            ...observation,
            endpoints: observation.endpoints.map((each) => ({
              ...each,
              ready: true,
              terminating: each.pod === "web-1",
            })),
          }
        : observation,
    );
    expect(rebuildTerminations(published)[0]?.readyWhileTerminating).toBe(true);
    expect(rebuildTerminations(leaving())[0]).not.toHaveProperty("readyWhileTerminating");
  });

  it("gives a later pod of the same name its own delete, and none that was refused", () => {
    const own = (atMs: number, result: string) =>
      ({
        type: "action",
        atMs,
        answeredAtMs: atMs + 5,
        verb: "delete",
        object: "pod/web-1",
        result,
      }) as const;
    const actions = [own(1_000, "deleted"), own(3_990, "deleted"), own(3_995, "already-gone")];
    expect(rebuildTerminations([...actions, ...leaving()])[0]?.deletionRequestedAtMs).toBe(3_990);
  });

  it("counts the grace that a second delete left, from the earliest T0, for a forced kill", () => {
    const observations = leaving({ exitCode: 137, reason: "Error", atMs: 6_400 }).map((each) =>
      each.type === "pod" && each.pod.phase === "Failed"
        ? { ...each, pod: { ...each.pod, deletionGracePeriodSeconds: 3 } }
        : each,
    );
    expect(rebuildTerminations(observations)[0]).toMatchObject({
      gracePeriodSeconds: 3,
      exits: [{ forced: true }],
    });
  });

  it("does not call a pod that only became unready a leaving one", () => {
    expect(rebuildTerminations([seen(0, aPod()), seen(50, aPod({ ready: false }))])).toEqual([]);
  });
});
