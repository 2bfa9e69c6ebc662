import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import { aHistory, anExchange } from "#test/support/builders.ts";
import { SlowAnswers } from "./slow-answers.ts";

/** The builders' history has its control phase from 0 to 4,000 ms. */
function marksOf(exchanges: readonly Exchange[], warmUpUntilMs?: number) {
  const { closing } = aHistory({ exchanges });
  const warmUp =
    warmUpUntilMs === undefined
      ? []
      : [{ name: "warm-up", startedAtMs: 0, endedAtMs: warmUpUntilMs, demandedMs: 0 } as const];
  const phases = [...warmUp, ...closing.phases];
  const slow = new SlowAnswers(phases);
  for (const exchange of exchanges) slow.see(exchange);
  return slow.marks();
}

const lasting = (scheduledAtMs: number, latencyMs: number, fields: Partial<Exchange> = {}) =>
  anExchange({ scheduledAtMs, endedAtMs: scheduledAtMs + latencyMs, servedBy: "web-1", ...fields });

describe("SlowAnswers", () => {
  it("marks what took more than twice as long as the slowest answer of the control phase", () => {
    const marks = marksOf([lasting(1_000, 20), lasting(5_000, 40), lasting(5_100, 41, { seq: 7 })]);
    expect(marks).toMatchObject([{ seq: 7, atMs: 5_141, latencyMs: 41, pod: "web-1" }]);
  });

  it("holds each stream against itself", () => {
    const wait = { stream: "wait" };
    expect(
      marksOf([lasting(1_000, 20), lasting(1_000, 900, wait), lasting(5_000, 1_000, wait)]),
    ).toEqual([]);
  });

  it("marks no warm-up, and nothing where there was no control phase to compare with", () => {
    expect(marksOf([lasting(100, 500), lasting(1_000, 20)], 500)).toEqual([]);
    expect(marksOf([lasting(5_000, 500)])).toEqual([]);
  });

  it("keeps the slowest of very many", () => {
    const many = Array.from({ length: 3_000 }, (_, seq) =>
      lasting(5_000 + seq, 100 + seq, { seq }),
    );
    const marks = marksOf([lasting(1_000, 20), ...many]);
    expect(marks).toHaveLength(200);
    expect(Math.min(...marks.map(({ seq }) => seq))).toBe(2_800);
  });
});
