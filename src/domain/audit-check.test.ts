import { describe, expect, it } from "vitest";
import { aTransaction } from "#test/support/builders.ts";
import { type AuditCheck, type AuditFinding, checkOutcome } from "./audit-check.ts";

const done = aTransaction({ key: "k1" });
/** The answer to its last step was lost. */
const unsure = aTransaction({
  key: "k2",
  acknowledged: false,
  steps: [
    { name: "reserve", exchange: 3, outcome: "ok" },
    { name: "charge", exchange: 4, outcome: "indeterminate" },
  ],
});
const refused = aTransaction({
  key: "k3",
  acknowledged: false,
  steps: [{ name: "reserve", exchange: 5, outcome: "failed" }],
});

function outcome(check: Partial<AuditCheck>, found: AuditFinding["found"], before?: number) {
  const place = { type: "path", names: ["it"] } as const;
  const whole = { name: "it", place, ...check } as AuditCheck; // each test gives what its type needs
  const finding = { check: "it", atMs: 0, found, ...(before !== undefined && { before }) };
  return checkOutcome(whole, finding, [done, unsure, refused]);
}

const breaches = (...args: Parameters<typeof outcome>) => outcome(...args).breaches;

describe("checkOutcome", () => {
  it("wants the total of what is only moved to stay", () => {
    expect(breaches({ type: "sum", equals: 1_000 }, 1_000)).toEqual([]);
    expect(breaches({ type: "sum", equals: 1_000 }, 995)).toEqual([
      "it: the total is 995, and must be 1000.",
    ]);
  });

  it("wants a total that is not stated to be what it was before the load", () => {
    expect(breaches({ type: "sum" }, 1_000, 1_000)).toEqual([]);
    expect(breaches({ type: "sum" }, 995, 1_000)).toEqual([
      "it: the total is 995, and must be 1000, as it was before the load.",
    ]);
    expect(breaches({ type: "sum" }, 995)).toEqual([
      "it: what it was before the load is not known.",
    ]);
    expect(breaches({ type: "sum", equals: 995 }, 995, 1_000)).toEqual([]);
  });

  it("does not take the rounding of fractions for money that is missing, nor a cent for rounding", () => {
    expect(breaches({ type: "sum", equals: 0.3 }, 0.1 + 0.2)).toEqual([]);
    expect(breaches({ type: "sum", equals: 0.3 }, 0.29)).toHaveLength(1);
  });

  it("wants each acknowledged key once, and may find one whose answer was lost", () => {
    expect(breaches({ type: "set" }, ["k1"])).toEqual([]);
    expect(outcome({ type: "set" }, ["k1", "k2"])).toEqual({ breaches: [], recovered: 1 });
  });

  it("names the keys that are lost, doubled, or that nobody asked for", () => {
    expect(breaches({ type: "set" }, ["k2", "k2", "k9", "k3"])).toEqual([
      "it: k1 was acknowledged and is lost.",
      "it: k2 is there 2 times.",
      "it: k9 is there, and nobody asked for it.",
      "it: k3 is there, although it was refused.",
    ]);
  });

  it("wants what was enqueued to be dequeued once, and counts what it recovers", () => {
    const queue = { type: "queue", delivery: "exactly-once", withinMs: 0 } as const;
    expect(outcome(queue, ["k1"])).toEqual({ breaches: [], recovered: 0 });
    expect(outcome(queue, ["k2", "k1"])).toEqual({ breaches: [], recovered: 1 });
    expect(breaches(queue, ["k2", "k2", "k9", "k3"])).toEqual([
      "it: k1 was enqueued and never dequeued: it is lost.",
      "it: k2 was dequeued 2 times: it is duplicated.",
      "it: k9 was dequeued and never enqueued: it is unexpected.",
      "it: k3 was dequeued, although it was refused: it is unexpected.",
    ]);
  });

  it("lets a queue that delivers at least once deliver twice, and lose nothing", () => {
    const queue = { type: "queue", delivery: "at-least-once", withinMs: 0 } as const;
    expect(breaches(queue, ["k1", "k1"])).toEqual([]);
    expect(breaches(queue, ["k2"])).toHaveLength(1);
  });

  it("does not take a number for keys, nor keys for a number", () => {
    expect(breaches({ type: "set" }, 3)).toEqual(["it: there is no list of keys."]);
    expect(breaches({ type: "sum", equals: 3 }, ["k1"])).toHaveLength(1);
  });

  it("wants a counter between what was acknowledged and what may have counted", () => {
    const counter = { type: "counter", from: 10 } as const;
    expect([breaches(counter, 11), breaches(counter, 12)]).toEqual([[], []]);
    expect(breaches(counter, 10)).toEqual(["it: it is 10, and must be from 11 to 12."]);
    expect(breaches({ type: "counter" }, 11, 10)).toEqual([]);
    expect(breaches({ type: "counter" }, 11, 8)).toHaveLength(1);
    expect(breaches({ type: "counter" }, 11)).toEqual([
      "it: what it was before the load is not known.",
    ]);
    expect(breaches(counter, 13)).toHaveLength(1); // k3 was refused and cannot have counted
  });
});
