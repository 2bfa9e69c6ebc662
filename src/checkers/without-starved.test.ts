import { describe, expect, it } from "vitest";
import type { History } from "#domain/history.ts";
import type { Observation } from "#domain/observation.ts";
import { poolHistories } from "#domain/pool-histories.ts";
import type { Threshold } from "#domain/threshold.ts";
import { anExchange, aTransaction, aTransactionStream, RESET } from "#test/support/builders.ts";
import { always, lookedAt } from "#test/support/starved.ts";
import { judge } from "./judge.ts";
import { withoutStarved } from "./without-starved.ts";

const DROPPED: Threshold = {
  ...{ metric: "dropped-requests", operator: "=", limit: 0, text: "0" },
};
const ANSWERED = anExchange({ seq: 1, sentAtMs: 5_000, endedAtMs: 5_010 });
const LOST = anExchange({ seq: 2, sentAtMs: 5_020, endedAtMs: 5_030, outcome: RESET });
const HIT = always(0.9, 0.9);

const starved = {
  kept: lookedAt(HIT, { exchanges: [ANSWERED] }),
  broken: lookedAt(HIT, { exchanges: [ANSWERED, LOST] }),
};
const well = {
  kept: lookedAt([], { exchanges: [ANSWERED] }),
  broken: lookedAt([], { exchanges: [ANSWERED, LOST] }),
};
const late = (history: History): History => ({
  ...history,
  closing: { ...history.closing, streams: history.closing.streams.map((s) => ({ ...s, late: 1 })) },
});

const usage = (descriptors: number, atMs: number): Observation => ({
  ...{ type: "usage", atMs, pod: "web-2", uid: "uid-web-2", container: "app" },
  ...{ descriptors, sockets: 0, processes: 1 },
});

const pool = (...histories: History[]) => poolHistories(histories, 5);
const pooled = (...histories: History[]) => judge(pool(...histories), [DROPPED]);

describe("a repetition on a machine that others had", () => {
  it("is left out, and the others answer", () => {
    const { verdict, header } = pooled(starved.broken, well.kept);
    expect(verdict).toBe("pass");
    expect(header.pool?.runs.map(({ number }) => number)).toEqual([2]);
    expect(header.pool?.leftOut).toEqual([
      { number: 1, reason: expect.stringContaining("starved") },
    ]);
  });

  it("leaves the failure of another to that one", () => {
    const { verdict, header } = pooled(starved.broken, well.broken);
    expect([verdict, header.pool?.runs.length]).toEqual(["fail", 1]);
  });

  it("is left out as well where it kept its promises, and whatever was promised", () => {
    const numbers = (thresholds: readonly Threshold[], first: History) =>
      judge(pool(first, well.kept), thresholds).header.pool?.runs.map(({ number }) => number);
    for (const first of [starved.kept, starved.broken]) {
      expect([numbers([DROPPED], first), numbers([], first)]).toEqual([[2], [2]]);
    }
  });

  it("stays where it failed by what no machine explains", () => {
    const stalled = lookedAt(always(0.1, 0.9), { exchanges: [LOST] });
    expect(pooled(stalled, well.kept)).toMatchObject({ verdict: "fail" });
    const lost: History = {
      ...lookedAt(HIT, { load: [aTransactionStream({ name: "reused" })], exchanges: [ANSWERED] }),
      transactions: [aTransaction()],
      audit: { type: "read", atMs: 9_900, entries: [] },
    };
    const held = lookedAt([...HIT, usage(3, -100), usage(50, 10_100)], { exchanges: [ANSWERED] });
    for (const first of [lost, held]) {
      expect(judge(pool(first, well.kept), []).header.pool?.leftOut).toEqual([]);
    }
  });
});

describe("a series in which every machine was starved", () => {
  it("is void as soon as one repetition broke a promise, however often it is repeated", () => {
    const { verdict, voids = [], header } = pooled(starved.broken, starved.kept, starved.kept);
    expect([verdict, header.pool?.runs.length]).toEqual(["inconclusive", 3]);
    expect(voids[0]).toContain("starved");
  });

  it("is not saved by numbers that good repetitions thin out", () => {
    const mean = { ...{ metric: "failures-per-termination", operator: "<=" }, limit: 0.5 };
    const promise = { ...mean, text: "<= 0.5" } as Threshold;
    const { verdict, voids = [] } = judge(pool(starved.broken, starved.kept), [promise]);
    expect(verdict).toBe("inconclusive");
    expect(voids[0]).toContain("in every repetition");
    expect(judge(pool(well.broken, well.kept), [promise]).verdict).toBe("pass");
  });

  it("passes where each kept its promises, as a single run does", () => {
    expect(pooled(starved.kept).verdict).toBe("pass");
    expect(pooled(starved.kept, starved.kept).verdict).toBe("pass");
    expect(pooled(late(starved.kept), starved.kept)).toMatchObject({
      verdict: "pass",
      header: { pool: { runs: [{ number: 2 }] } },
    });
  });
});

describe("withoutStarved", () => {
  it("takes a pool as it is where nothing is to be left out, or the machine is not shared", () => {
    const sound = pool(well.kept, well.kept);
    expect(withoutStarved(sound).history).toBe(sound);
    const { sharesMachine: _, ...environment } = sound.header.environment;
    const elsewhere = pool(starved.kept, well.kept);
    const moved = { ...elsewhere, header: { ...elsewhere.header, environment } };
    expect(withoutStarved(moved).history).toBe(moved);
  });
});
