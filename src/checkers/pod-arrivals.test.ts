import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import { aHistory, anExchange, aPod, leaving, RESET, seen } from "#test/support/builders.ts";
import { PodArrivals } from "./pod-arrivals.ts";
import { gatherFacts } from "./run-facts.ts";

/** `web-1` is deleted at 4,000 ms, `web-2` stays. */
function arrivalsOf(
  pod: string,
  exchanges: readonly Partial<Exchange>[],
  observations = leaving(),
) {
  const facts = gatherFacts(aHistory({ observations }));
  const arrivals = new PodArrivals(facts);
  for (const fields of exchanges) arrivals.see(anExchange({ servedBy: "web-1", ...fields }));
  const uid = `uid-${pod}`;
  return arrivals.of(facts.terminations.find((each) => each.uid === uid) ?? uid);
}

describe("PodArrivals", () => {
  it("keeps the last new connection and the last reused request after the deletion", () => {
    const arrivals = arrivalsOf("web-1", [
      { connection: "new", sentAtMs: 4_090, connectedAtMs: 4_100 },
      { connection: "new", sentAtMs: 4_020, connectedAtMs: 4_050 },
      { sentAtMs: 4_300 },
    ]);
    expect(arrivals).toMatchObject({ lastNewConnectionAtMs: 4_100, lastReusedRequestAtMs: 4_300 });
  });

  it("does not take what came before the deletion for an arrival at a leaving pod", () => {
    const arrivals = arrivalsOf("web-1", [{ connection: "new", sentAtMs: 3_999 }]);
    expect(arrivals).not.toHaveProperty("lastNewConnectionAtMs");
  });

  it("counts a new connection that the data path led there, though nobody answered it", () => {
    const facts = gatherFacts(aHistory({ observations: leaving() }));
    const arrivals = new PodArrivals(facts);
    const [left] = facts.terminations;
    if (left === undefined) throw new Error("A pod leaves.");
    const lost = { connection: "new", sentAtMs: 4_190, outcome: RESET } as const;
    arrivals.see(anExchange({ ...lost, connectedAtMs: 4_200 }), "web-1");
    expect(arrivals.of(left)).toEqual({ lastNewConnectionAtMs: 4_200 });
    expect(arrivals.knows(left)).toBe(true);
  });

  it("counts the answers of a pod that does not name itself, where the data path tells whose they are", () => {
    const facts = gatherFacts(aHistory({ observations: leaving() }));
    const arrivals = new PodArrivals(facts);
    const [left] = facts.terminations;
    if (left === undefined) throw new Error("A pod leaves.");
    arrivals.see(anExchange({ sentAtMs: 4_300 }), "web-1");
    arrivals.see(anExchange({ sentAtMs: 4_500, outcome: RESET }), "web-1");
    expect(arrivals.of(left)).toEqual({
      lastReusedRequestAtMs: 4_300,
      firstAnswerAtMs: 4_305,
      lastAnswerAtMs: 4_305,
    });
  });

  it("keeps the first and the last answer of every pod, in whatever order they are read", () => {
    const times = [{ sentAtMs: 500 }, { sentAtMs: 100 }, { sentAtMs: 900 }];
    const exchanges = times.map((time) => ({ ...time, servedBy: "web-2" }));
    expect(arrivalsOf("web-2", exchanges)).toEqual({ firstAnswerAtMs: 105, lastAnswerAtMs: 905 });
  });

  it("does not take what reached the next pod of the same name for the last of the one that left", () => {
    const next = seen(6_500, aPod({ name: "web-1", uid: "uid-next" }), "added");
    const times = [{ sentAtMs: 4_100 }, { sentAtMs: 7_000 }];
    const exchanges = times.map((time) => ({ ...time, connection: "new" as const }));
    const observations = [...leaving(), next];
    expect(arrivalsOf("web-1", exchanges, observations)).toMatchObject({
      lastNewConnectionAtMs: 4_100,
      lastAnswerAtMs: 4_105,
    });
    expect(arrivalsOf("next", exchanges, observations)).toMatchObject({ firstAnswerAtMs: 7_005 });
  });

  it("does not take what reached the container that was started again for an arrival at the old one", () => {
    const ran = { name: "app", ready: true, restartCount: 0, state: "running" } as const;
    const again = { ...ran, restartCount: 1, previousExit: { exitCode: 0 } };
    const sent = { type: "action", verb: "signal", object: "pod/web-1" } as const;
    const observations = [
      seen(1_000, aPod({ name: "web-1", containers: [ran] }), "added"),
      { ...sent, atMs: 4_000, answeredAtMs: 4_010, result: "sent SIGTERM to app" },
      seen(5_000, aPod({ name: "web-1", containers: [again] })),
    ];
    const times = [{ sentAtMs: 4_100 }, { sentAtMs: 5_001 }];
    const exchanges = times.map((time) => ({ ...time, connection: "new" as const }));
    expect(arrivalsOf("web-1", exchanges, observations)).toMatchObject({
      lastNewConnectionAtMs: 4_100,
      lastAnswerAtMs: 4_105,
    });
  });

  it("keeps apart what reached each of several leavings of one pod", () => {
    const ran = { name: "app", ready: true, restartCount: 0, state: "running" } as const;
    const again = { ...ran, restartCount: 1, previousExit: { exitCode: 0 } };
    const sent = { type: "action", verb: "signal", object: "pod/web-1" } as const;
    const deleted = aPod({ name: "web-1", containers: [again], deletionTimestamp: "now" });
    const observations = [
      seen(1_000, aPod({ name: "web-1", containers: [ran] }), "added"),
      { ...sent, atMs: 4_000, answeredAtMs: 4_010, result: "sent SIGTERM to app" },
      seen(5_000, aPod({ name: "web-1", containers: [again] })),
      seen(6_000, deleted),
    ];
    const facts = gatherFacts(aHistory({ observations }));
    const arrivals = new PodArrivals(facts);
    for (const sentAtMs of [4_100, 5_500, 6_200])
      arrivals.see(anExchange({ servedBy: "web-1", connection: "new", sentAtMs }));
    const last = facts.terminations.map((each) => arrivals.of(each).lastNewConnectionAtMs);
    expect(last).toEqual([4_100, 6_200]);
  });

  it("knows nothing of a pod that never named itself", () => {
    expect(arrivalsOf("web-2", [{ sentAtMs: 500 }])).toEqual({});
  });
});
