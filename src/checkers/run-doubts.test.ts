import { describe, expect, it } from "vitest";
import type { Disruption } from "#domain/disruption.ts";
import type { Observation } from "#domain/observation.ts";
import { aHistory, aPod, leaving, seen } from "#test/support/builders.ts";
import { findRunDoubts } from "./run-doubts.ts";
import { gatherFacts } from "./run-facts.ts";

const WORKLOAD = { kind: "Deployment", namespace: "default", name: "web" } as const;
const MET = { met: 1, named: true, nameless: 0 };

function doubtsOf(
  observations: readonly Observation[],
  inFlight = MET,
  disruption: Disruption = { type: "rolling-update", workload: WORKLOAD },
): readonly string[] {
  const history = aHistory({ observations });
  const header = { ...history.header, disruptions: [disruption] };
  const { streams: _, ...closing } = history.closing;
  return findRunDoubts(
    gatherFacts({ ...history, header, closing: { ...closing, streams: [] } }),
    inFlight,
  ).doubts;
}

describe("findRunDoubts, of the revision", () => {
  const UNCHANGED = ["The rolling update did not change the revision of any pod."];
  const revised = (revision: string) =>
    leaving().map((each) =>
      each.type === "pod" ? { ...each, pod: { ...each.pod, revision } } : each,
    );
  const patched: Observation = {
    type: "action",
    atMs: 3_800,
    answeredAtMs: 3_810,
    verb: "patch",
    object: "deployment/web",
    result: "accepted as generation 2",
  };
  const web3 = { name: "web-3", revision: "new" };
  const surged = seen(3_900, aPod(web3), "added");

  it("has none when a pod of another revision came after the patch, before any left", () => {
    expect(doubtsOf([...revised("old"), patched, surged])).toEqual([]);
  });

  it("has none when that pod left as well", () => {
    const left = seen(6_500, aPod({ ...web3, deletionTimestamp: "2026-11-24T10:00:16Z" }));
    expect(doubtsOf([...revised("old"), patched, surged, left])).toEqual([]);
  });

  it("doubts a patch after which every pod has the revision of before", () => {
    const again = seen(3_900, aPod({ name: "web-3", revision: "old" }), "added");
    expect(doubtsOf([...revised("old"), patched, again])).toEqual(UNCHANGED);
  });

  it("does not take two revisions that were there before for a change", () => {
    expect(doubtsOf([...leaving(), patched])).toEqual(UNCHANGED);
  });

  it("compares with the time before the first pod left where the patch was not recorded", () => {
    expect(doubtsOf(revised("old"))).toEqual(UNCHANGED);
    expect(doubtsOf([...revised("old"), seen(4_500, aPod(web3), "added")])).toEqual([]);
  });

  it("does not ask other disruptions for a new revision", () => {
    const deletion = { type: "delete-pods", workload: WORKLOAD, count: 1 } as const;
    expect(doubtsOf(revised("old"), MET, deletion)).toEqual([]);
  });
});

describe("findRunDoubts, of what was to be done", () => {
  const evict = (result: string, pod = "web-1", atMs = 3_500): Observation => ({
    type: "action",
    atMs,
    answeredAtMs: atMs + 5,
    verb: "evict",
    object: `pod/${pod}`,
    result,
  });
  const eviction = { type: "evict-pods", workload: WORKLOAD, count: 2 } as const;
  const REFUSED = "refused by budget web: it needs 3 healthy pods and has 3 currently";

  it("names the budget that protected a pod to the end", () => {
    const observations = [...leaving(), evict("evicted"), evict(REFUSED, "web-2")];
    expect(doubtsOf(observations, MET, eviction)).toEqual([
      `1 of 2 pods were never evicted; pod/web-2 was ${REFUSED}`,
    ]);
  });

  it("forgets a refusal that was followed by an eviction", () => {
    const observations = [...leaving(), evict(REFUSED), evict("evicted", "web-1", 3_900)];
    expect(doubtsOf(observations, MET, eviction)).toEqual([]);
  });

  it("wants a signal to end the container that it was sent to", () => {
    const sending = {
      type: "signal-pods",
      workload: WORKLOAD,
      signal: "SIGTERM",
      count: 2,
    } as const;
    const sent = (pod: string): Observation => ({
      ...{ type: "action", atMs: 3_500, answeredAtMs: 3_505, verb: "signal" },
      ...{ object: `pod/${pod}`, result: "sent SIGTERM to app" },
    });
    const ran = { name: "app", ready: true, restartCount: 0, state: "running" } as const;
    const again = { ...ran, restartCount: 1, previousExit: { exitCode: 0 } };
    const observations = [
      seen(1_000, aPod({ name: "web-1", containers: [ran] }), "added"),
      seen(1_000, aPod({ name: "web-2", containers: [ran] }), "added"),
      ...[sent("web-1"), sent("web-2")],
      seen(4_000, aPod({ name: "web-1", containers: [again] })),
    ];
    expect(doubtsOf(observations, MET, sending)).toEqual([
      "1 of 2 signals ended no container; pod/web-2 was sent SIGTERM to app, and PID 1 gets only the signals that it has a handler for",
    ]);
  });

  it("wants a lower number of replicas to make somebody leave", () => {
    const counts = { ready: 3, updated: 3, available: 3 };
    const workload = { kind: "Deployment", name: "web", generation: 1, desired: 3, ...counts };
    const before: Observation = { type: "workload", atMs: 3_000, workload };
    const scaling = (replicas: number) =>
      ({ type: "scale", workload: WORKLOAD, replicas }) as const;
    expect(doubtsOf([before], MET, scaling(1))).toContain(
      "The scaling of web to 1 made nobody leave.",
    );
    expect(doubtsOf([before], MET, scaling(5))).toEqual([
      "No pod terminated, so nothing was put to the test.",
    ]);
    expect(doubtsOf([before, ...leaving()], MET, scaling(1))).toEqual([]);
  });

  it("does not take a run that terminated nobody for a test of cordoning", () => {
    const cordoning = { type: "cordon-nodes", workload: WORKLOAD, count: 1 } as const;
    expect(doubtsOf([], MET, cordoning)).toEqual([
      "No pod terminated, so nothing was put to the test.",
    ]);
  });
});

describe("findRunDoubts, of requests in flight", () => {
  const deletion = { type: "delete-pods", workload: WORKLOAD, count: 1 } as const;

  it("doubts a run in which no SIGTERM met any", () => {
    expect(doubtsOf(leaving(), { met: 0, named: true, nameless: 0 }, deletion)).toEqual([
      "No request was in flight at any of 1 pods when it got SIGTERM: offer requests that take longer than preStop.",
    ]);
  });

  it("lets requests that name no pod have been there, where no answer names its pod", () => {
    const unknown = { met: 0, named: false } as const;
    expect(doubtsOf(leaving(), { ...unknown, nameless: 3 }, deletion)).toEqual([]);
    expect(doubtsOf(leaving(), { ...unknown, nameless: 0 }, deletion)).toHaveLength(1);
    expect(doubtsOf(leaving(), { met: 0, named: true, nameless: 3 }, deletion)).toHaveLength(1);
  });
});

describe("findRunDoubts, of the watch", () => {
  const gap = (atMs: number, untilMs: number, reason: string): Observation => ({
    ...{ type: "watch-gap", atMs, untilMs, resource: "pods", reason },
  });

  it("counts the gaps under load, and names the longest", () => {
    const gaps = [gap(3_000, 3_300, "410"), gap(3_500, 4_700, "refused"), gap(5_000, 5_000, "410")];
    expect(doubtsOf([...leaving(), ...gaps])).toContain(
      "The watch of the cluster was blind or late 3 time(s) while load was offered, for 1.2 s at " +
        "the longest (pods: refused).",
    );
  });
});
