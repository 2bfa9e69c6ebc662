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
  for (const exchange of exchanges) gaps.see(exchange);
  return gaps.finish();
}

const ending = (endedAtMs: number, fields: Partial<Exchange> = {}) =>
  anExchange({ sentAtMs: endedAtMs - 1, endedAtMs, ...fields });

describe("SuccessGaps", () => {
  it("finds the longest, and the longest before the first pod left", () => {
    expect(gapsOf([1_000, 1_300, 3_900, 7_000, 9_900].map((at) => ending(at)))).toEqual([
      { stream: "reused", fromMs: 3_900, lengthMs: 3_100, failures: 0, usualMs: 2_600 },
    ]);
  });

  it("counts the failures within the longest gap and no others", () => {
    const exchanges = [
      ending(200, { outcome: RESET }),
      ending(3_000),
      ending(5_000, { outcome: RESET }),
      ending(6_000, { outcome: RESET }),
      ending(9_000),
      ending(9_500, { outcome: RESET }),
    ];
    expect(gapsOf(exchanges)).toMatchObject([{ fromMs: 3_000, lengthMs: 6_000, failures: 2 }]);
  });

  it("does not take a request that was never sent for a failure", () => {
    const undelivered = { type: "undelivered", reason: "no-free-connection" } as const;
    const exchanges = [ending(3_000), ending(5_000, { outcome: undelivered }), ending(9_000)];
    expect(gapsOf(exchanges)).toMatchObject([{ failures: 0 }]);
  });

  it("has a gap for each stream, but none for transactions, which end when they end", () => {
    const load = [aStream(), aStream({ name: "other" }), aTransactionStream()] as never; // only names matter
    expect(gapsOf([ending(5_000)], load).map(({ stream }) => stream)).toEqual(["reused", "other"]);
  });
});
