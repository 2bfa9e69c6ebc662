import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import {
  aHistory,
  anExchange,
  aStream,
  aTransactionStream,
  RESET,
} from "#test/support/builders.ts";
import { gatherFacts } from "./run-facts.ts";
import { SuccessGaps } from "./success-gaps.ts";

/** The standard history: load from 0 to 10,000 ms, the first pod leaves at 4,000 ms. */
function gapsOf(exchanges: readonly Exchange[], load = [aStream()]) {
  const gaps = new SuccessGaps(gatherFacts(aHistory({ load })));
  for (const exchange of exchanges.toSorted((a, b) => a.endedAtMs - b.endedAtMs)) {
    gaps.see(exchange);
  }
  return { found: gaps.finish(), longestWhole: gaps.longestWholeOf("reused") };
}

const UNDELIVERED = { type: "undelivered", reason: "no-free-connection" } as const;

/** A request every 100 ms, answered after 5; what is due in the spans has other fields. */
function everyTenth(
  ...others: readonly [from: number, until: number, fields: Partial<Exchange>][]
) {
  return Array.from({ length: 100 }, (_, i) => {
    const dueMs = i * 100;
    const other = others.find(([from, until]) => dueMs >= from && dueMs < until);
    return anExchange({ seq: i, scheduledAtMs: dueMs, ...other?.[2] });
  });
}

describe("SuccessGaps", () => {
  it("finds the longest, from the first request that was due in it, and the longest before the first pod left", () => {
    const exchanges = everyTenth(
      [1_000, 1_500, { outcome: RESET }],
      [6_000, 8_000, { outcome: RESET }],
    );
    expect(gapsOf(exchanges).found).toEqual([
      { stream: "reused", fromMs: 6_000, lengthMs: 2_005, failures: 20, usualMs: 505 },
    ]);
  });

  it("does not take the time between two requests for a gap", () => {
    expect(gapsOf(everyTenth()).found).toMatchObject([{ lengthMs: 5, usualMs: 5 }]);
  });

  it("knows what was due in a gap though it ended long after", () => {
    const hung = { outcome: RESET, endedAtMs: 9_800 };
    const exchanges = everyTenth([5_000, 6_000, hung]);
    expect(gapsOf(exchanges).found).toMatchObject([{ fromMs: 5_000, lengthMs: 1_005 }]);
  });

  it("counts from the start of the load and to its end", () => {
    expect(gapsOf(everyTenth([0, 2_000, { outcome: RESET }])).found).toMatchObject([
      { fromMs: 100, lengthMs: 1_905 }, // the request of 0 was due with the load, not in it
    ]);
    expect(gapsOf(everyTenth([8_000, 10_000, { outcome: RESET }])).found).toMatchObject([
      { fromMs: 8_000, lengthMs: 2_000 },
    ]);
  });

  it("does not take a request that was never sent for a failure", () => {
    const exchanges = everyTenth(
      [5_000, 5_100, { outcome: RESET }],
      [5_100, 6_000, { outcome: UNDELIVERED }],
    );
    expect(gapsOf(exchanges).found).toMatchObject([{ lengthMs: 1_005, failures: 1 }]);
  });

  it("does not count the time in which a slow stream cannot have answered yet", () => {
    const load = [aStream({ takesMs: 3_000 })];
    const slow = everyTenth().map((each) => ({ ...each, endedAtMs: each.sentAtMs + 3_005 }));
    expect(gapsOf(slow, load).found).toMatchObject([{ lengthMs: 5 }]);
  });

  it("leaves out the time in which this machine itself sent late", () => {
    const stalled = { late: true, sentAtMs: 6_000, endedAtMs: 6_005 };
    const { found, longestWhole } = gapsOf(
      everyTenth([5_000, 5_100, { endedAtMs: 6_000 }], [5_100, 6_000, stalled]),
    );
    expect(found).toMatchObject([{ fromMs: 5_900, lengthMs: 100 }]);
    expect(longestWhole).toMatchObject({ wholeMs: 1_000 });
  });

  it("leaves out a silence in which nothing was sent in time", () => {
    const late = { late: true, sentAtMs: 5_950, endedAtMs: 5_955 };
    const stalled = gapsOf(everyTenth([5_000, 5_900, late]));
    expect(stalled.found).toMatchObject([{ lengthMs: 5 }]);
    expect(stalled.longestWhole).toMatchObject({ wholeMs: 905 });
    const unsent = gapsOf(everyTenth([5_000, 6_000, { outcome: UNDELIVERED }]));
    expect(unsent.found).toMatchObject([{ lengthMs: 5 }]);
    expect(unsent.longestWhole).toMatchObject({ wholeMs: 1_005 });
  });

  it("blames the workload for an outage in which this machine was late now and then", () => {
    const hiccup = { late: true, sentAtMs: 5_520, outcome: RESET, endedAtMs: 5_525 };
    const exchanges = everyTenth([5_500, 5_600, hiccup], [5_000, 7_000, { outcome: RESET }]);
    expect(gapsOf(exchanges).found).toMatchObject([{ lengthMs: 1_985 }]);
  });

  it("has a gap for each stream, but none for transactions, which end when they end", () => {
    const load = [aStream(), aStream({ name: "other" }), aTransactionStream()] as never; // only names matter
    expect(gapsOf(everyTenth(), load).found.map(({ stream }) => stream)).toEqual([
      "reused",
      "other",
    ]);
  });
});
