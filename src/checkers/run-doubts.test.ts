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
