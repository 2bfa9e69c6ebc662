import { describe, expect, it } from "vitest";
import { anExchange } from "#test/support/builders.ts";
import type { Exchange } from "./exchange.ts";
import { mergeLedgers } from "./merge-ledgers.ts";

/** What the workers recorded, in the order in which one would have. */
function merged(...workers: readonly (readonly Partial<Exchange>[])[]) {
  const ledgers = workers.map((exchanges) => ({
    exchanges: exchanges.map(anExchange),
    transactions: [],
    streams: [],
  }));
  return [...mergeLedgers(ledgers, ["first", "second"]).exchanges];
}

describe("mergeLedgers", () => {
  it("orders by stream, then by end, then by number", () => {
    const found = merged(
      [
        { stream: "first", seq: 4, endedAtMs: 200 },
        { stream: "second", seq: 1, endedAtMs: 50 },
      ],
      [
        { stream: "first", seq: 3, endedAtMs: 200 },
        { stream: "first", seq: 9, endedAtMs: 201 },
      ],
    );
    expect(found.map(({ stream, seq }) => `${stream} ${seq}`)).toEqual([
      "first 3",
      "first 4",
      "first 9",
      "second 1",
    ]);
  });

  it("keeps connections of two workers apart", () => {
    const found = merged(
      [{ stream: "first", connectionId: 1 }],
      [{ stream: "first", connectionId: 1 }],
    );
    expect(new Set(found.map(({ connectionId }) => connectionId)).size).toBe(2);
  });
});
